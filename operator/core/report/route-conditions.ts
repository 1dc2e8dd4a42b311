import { conditionOf, type Problem } from '../model/reason.ts';
import type { RouteObject } from '../model/snapshot.ts';
import type { Verdict } from '../model/verdict.ts';
import { negative, positive, progress, readySaying, type Saying } from './conditions.ts';
import type { Health } from './health.ts';
import type { PassResult } from './pass-result.ts';
import { hindranceOf, pauseOf } from './route-verdicts.ts';

interface Input {
  readonly route: RouteObject;
  readonly verdicts: readonly Verdict[];
  readonly health: Health;
  readonly result: PassResult;
}

/** The conditions that sum up a route's verdicts. One bad rule among good ones is told as such: the route itself is accepted. */
export function routeSayings(input: Input): readonly Saying[] {
  const { route, verdicts, health, result } = input;
  const problems = verdicts.flatMap(({ problem }) => problem ?? []);
  const first = (condition: ReturnType<typeof conditionOf>): Problem | undefined =>
    problems.find((problem) => conditionOf(problem.reason) === condition);
  const whole = [
    positive('Accepted', unaccepted(input), { reason: 'Accepted', message: 'the balancer lets it attach' }),
    positive('ResolvedRefs', first('ResolvedRefs'), {
      reason: 'ResolvedRefs',
      message: 'every Service and port was found',
    }),
    programmed(input, first('Programmed')),
    ...negative('Conflicted', first('Conflicted')),
  ];
  const bad = partlyBad(input);
  const partly = negative('PartiallyInvalid', bad[0] === undefined ? undefined : partlyText(bad, bad[0]));
  const summed = [...whole, ...partly.map((one) => ({ ...one, ...partlySummed(bad, verdicts.length) }))];
  const all = verdicts.length;
  return [
    ...whole,
    ...partly,
    ...progress(summed),
    ...negative('Paused', pauseOf(route, result)),
    readySaying(summed, `${all} ${all === 1 ? 'rule is' : 'rules are'} in effect`),
    health.saying,
  ];
}

/** Nothing of the route is as its owner may have it. */
function unaccepted(input: Input): Problem | undefined {
  const refused = input.verdicts.filter((verdict) => {
    const { problem } = verdict;
    return problem !== undefined && conditionOf(problem.reason) === 'Accepted' && !won(verdict, input);
  });
  return refused.length === input.verdicts.length ? refused[0]?.problem : undefined;
}

/** A rule may have lost some of its hostnames and have won others. */
function won({ owner, rule }: Verdict, { result }: Input): boolean {
  return (result.claims?.held ?? []).some(({ unit }) => unit.owner === owner && unit.rule === rule);
}

/** Held rules are still served; a route of which nothing is served is not programmed. */
function programmed(input: Input, problem: Problem | undefined): Saying {
  const { verdicts, result } = input;
  const whenTrue = { reason: 'Programmed', message: 'the load balancer is ACTIVE with this route' } as const;
  if (problem !== undefined) return positive('Programmed', problem, whenTrue);
  const pending = pendingOf(input);
  if (pending !== undefined) return positive('Programmed', pending.problem ?? beingBrought, whenTrue);
  const served = verdicts.some(
    (verdict) => verdict.state === 'Programmed' || verdict.state === 'Held' || won(verdict, input),
  );
  if (served && result.seen !== undefined) return positive('Programmed', undefined, whenTrue);
  const cause = verdicts.find((verdict) => verdict.problem !== undefined)?.problem;
  return positive('Programmed', cause ?? nothingToServe, whenTrue);
}

/** A rule that lost some of its units waits with those that it won. */
function pendingOf(input: Input): ReturnType<typeof hindranceOf> {
  const { route, verdicts, result } = input;
  const pending = verdicts.find((verdict) => verdict.state === 'Pending');
  if (pending !== undefined) return { problem: pending.problem };
  return verdicts
    .filter((verdict) => verdict.state !== 'Programmed' && won(verdict, input))
    .map((verdict) => hindranceOf(route, verdict, result))
    .find((one) => one !== undefined);
}

const beingBrought: Problem = { reason: 'Pending', message: 'The load balancer is being brought in line.' };
const nothingToServe: Problem = { reason: 'Pending', message: 'No rule of this route can be programmed.' };

/** Rules that are not as written, of a route of which something else is in effect. */
function partlyBad(input: Input): readonly Verdict[] {
  const bad = input.verdicts.filter(({ state }) => state === 'Held' || state === 'Dropped');
  return bad.length < input.verdicts.length || bad.some((verdict) => won(verdict, input)) ? bad : [];
}

function partlyText(bad: readonly Verdict[], first: Verdict): Problem {
  const word = bad.some((verdict) => verdict.state === 'Dropped') ? 'Dropped' : 'Held';
  const { reason = 'PartiallyInvalid', message = '' } = first.problem ?? {};
  return { reason, message: `${word} Rule ${names(bad)}: ${message}` };
}

/** As Ready says it, in one line of `kubectl get`. */
function partlySummed(bad: readonly Verdict[], all: number): Problem {
  const verb = bad.length === 1 ? 'is' : 'are';
  return {
    reason: 'PartiallyInvalid',
    message: `${bad.length} of ${all} ${all === 1 ? 'rule' : 'rules'} ${verb} not in effect as written: ${names(bad)}`,
  };
}

function names(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ rule }) => rule)
    .toSorted()
    .join(', ');
}
