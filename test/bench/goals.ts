import type { Figure } from './figure.ts';

/** What must hold on any machine: counts, and ratios of times of one run. */
export interface Goal {
  readonly what: string;
  readonly reached: boolean;
  readonly detail: string;
}

const mostParseRatio = 20;
const mostGrowth = 12;
/** Scenarios whose reads are promised too; the others read what their cycles take. */
const readsPromised = new Set<Figure['scenario']>(['resync', 'restart']);

export function goals(figures: readonly Figure[]): readonly Goal[] {
  const counted = figures.filter(({ scenario }) => scenario !== 'cycle4s' && scenario !== 'planner');
  return [...counted.flatMap(countGoals), ...figures.flatMap(ratioGoal), ...growthGoals(figures)];
}

function countGoals(figure: Figure): readonly Goal[] {
  const { scenario, writes, floorWrites, reads, floorReads } = figure;
  return [
    goal(`${of(figure)}: writes`, writes, floorWrites),
    ...(readsPromised.has(scenario) ? [goal(`${of(figure)}: reads`, reads, floorReads)] : []),
  ];
}

function ratioGoal(figure: Figure): readonly Goal[] {
  const { parseRatio } = figure;
  return parseRatio === null ? [] : [goal(`${of(figure)}: times JSON.parse`, parseRatio, mostParseRatio)];
}

/** Ten times as many routes, spread alike. */
function growthGoals(figures: readonly Figure[]): readonly Goal[] {
  const planners = figures.filter(({ scenario }) => scenario === 'planner');
  const pairs = planners.flatMap((large) =>
    planners
      .filter(({ n, balancers }) => n * 10 === large.n && n >= 1_000 && isAlike(balancers, large.balancers))
      .map((small) => ({ small, large })),
  );
  return pairs.map(({ small, large }) => {
    const growth = small.seconds === null || large.seconds === null ? null : large.seconds / small.seconds;
    return goal(
      `planner from ${small.n} on ${small.balancers} to ${large.n} on ${large.balancers}: growth`,
      growth,
      mostGrowth,
    );
  });
}

function isAlike(balancers: number, larger: number): boolean {
  return balancers === 1 ? larger === 1 : larger === balancers * 10;
}

function goal(what: string, is: number | null, most: number | null): Goal {
  const reached = is !== null && most !== null && is <= most;
  return { what, reached, detail: `${is === null ? 'not measured' : rounded(is)}, at most ${most ?? '?'}` };
}

export function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}

function of({ scenario, n, balancers }: Figure): string {
  return `${scenario} ${n} on ${balancers}`;
}
