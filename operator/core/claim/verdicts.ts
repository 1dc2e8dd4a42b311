import type { Intents, RouteIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { Unit, Verdict } from '../model/verdict.ts';
import type { Asks } from './asks.ts';
import type { Ledger } from './ledger.ts';

export interface VerdictInput {
  readonly intents: Intents;
  readonly asks: Asks;
  readonly ledger: Ledger;
  /** Listeners that are not there and cannot be made. */
  readonly absent: ReadonlySet<string>;
}

/** One verdict per rule; the state of a rule is the worst of its units. */
export function ruleVerdicts(input: VerdictInput): readonly Verdict[] {
  const { intents, asks } = input;
  const told = new Map(asks.told.map((verdict) => [`${verdict.owner} ${verdict.rule}`, verdict]));
  const lots = lotsOf(input);
  return intents.routes.flatMap((route) => {
    const owner = route.source.uid;
    const whole = told.get(`${owner} *`);
    if (whole !== undefined) return [whole];
    return route.rules.map(
      ({ name }) => told.get(`${owner} ${name}`) ?? verdict(route, name, lots.get(`${owner} ${name}`)),
    );
  });
}

/** What befell the units of one rule. */
interface Lot {
  readonly denied: Problem[];
  readonly lost: Problem[];
  readonly waiting: Unit[];
  readonly absent: string[];
}

function lotsOf({ asks, ledger, absent }: VerdictInput): ReadonlyMap<string, Lot> {
  const lots = new Map<string, Lot>();
  const of = ({ owner, rule }: Unit): Lot => {
    const lot = lots.get(`${owner} ${rule}`) ?? { denied: [], lost: [], waiting: [], absent: [] };
    lots.set(`${owner} ${rule}`, lot);
    return lot;
  };
  for (const { unit, problem } of asks.denied) of(unit).denied.push(problem);
  for (const { candidate, problem } of ledger.losers) of(candidate.unit).lost.push(problem);
  for (const unit of asks.waiting) of(unit).waiting.push(unit);
  for (const { unit } of ledger.winners)
    if (unit.kind === 'http' && absent.has(unit.listener)) of(unit).absent.push(unit.listener);
  return lots;
}

function verdict({ source }: RouteIntent, rule: string, lot: Lot | undefined): Verdict {
  const base = { owner: source.uid, rule };
  const [absent] = (lot?.absent ?? []).toSorted();
  if (lot === undefined) return { ...base, state: 'Programmed', problem: undefined };
  if (lot.denied.length > 0) return { ...base, state: 'Dropped', problem: worstOf(lot.denied) };
  if (lot.lost.length > 0) return { ...base, state: 'Conflicted', problem: worstOf(lot.lost) };
  if (lot.waiting.length > 0) return { ...base, state: 'Pending', problem: paused };
  if (absent !== undefined) return { ...base, state: 'Pending', problem: noListener(absent) };
  return { ...base, state: 'Programmed', problem: undefined };
}

const paused: Problem = {
  reason: 'Paused',
  message: 'The route is paused: what it asks for beyond what is programmed waits. Remove octopool.dev/paused.',
};

function noListener(name: string): Problem {
  return {
    reason: 'Pending',
    message: `Listener ${name} of the balancer cannot be made for now. The platform team is told why.`,
  };
}

/** All that was lost, sorted, so that the message does not change with the order of inputs. */
function worstOf(problems: readonly Problem[]): Problem {
  const sorted = problems.toSorted((a, b) => (a.reason + a.message < b.reason + b.message ? -1 : 1));
  const first = sorted[0] ?? { reason: 'RuleConflict', message: '' };
  const messages = [...new Set(sorted.map((problem) => problem.message))];
  return { reason: first.reason, message: messages.slice(0, 4).join(' ') };
}
