import type { RouteIntent, RuleIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { Unit, Verdict } from '../model/verdict.ts';
import { type AskInput, type Asks, dropped, grants, nothing, rememberedHosts } from './asks.ts';
import { candidate, rememberedSince, standingUnits, unitsOf } from './candidates.ts';

/**
 * Rules that must not be changed now: broken ones, unreadable ones, paused ones. What is programmed for them keeps its keys and
 * stays as it is seen. Only the admin's word ends that: what is no longer granted is not kept.
 */
export function brokenRule(of: {
  readonly route: RouteIntent;
  readonly rule: RuleIntent;
  readonly fault: Problem;
  readonly input: AskInput;
}): Asks | undefined {
  const { route, rule, fault, input } = of;
  const owner = route.source.uid;
  const wanted = unitsOf(route, rule);
  const { given, denied } = grants(wanted, route, input);
  const kept = keptUnits({ route, rule, input });
  const standing = input.proof.anyOf(owner, rule.name);
  const evicted = kept.given.length === 0 && kept.denied.length > 0;
  // the port that it stands on is taken from it: then it may as well move
  if (fault.reason === 'DisruptiveChange' && evicted) return undefined;
  if (standing && evicted) return { ...nothing, told: [dropped(route, rule.name, denied[0]?.problem ?? fault)] };
  return {
    ...nothing,
    candidates: kept.given.map((one) => candidate({ ...one, route, proof: input.proof, frozen: true })),
    remembered: rememberedHosts(given, route),
    told: [{ owner, rule: rule.name, state: standing ? 'Held' : 'Dropped', problem: fault }],
    denied,
    waiting: fault.reason === 'DisruptiveChange' ? given.map(({ unit }) => unit) : [],
    frozen: standing ? [{ owner, rule: rule.name }] : [],
  };
}

/**
 * What it says counts for nothing, or cannot be read: the ports it stands on, the hostnames its status remembers and those of its rules
 * that are programmed stay its own, or all of it goes.
 */
export function unreadableRoute(route: RouteIntent, problem: Problem, input: AskInput): Asks {
  const owner = route.source.uid;
  const { proof } = input;
  const standing = proof.anyOf(owner, undefined);
  const known = route.rules
    .flatMap((rule) => unitsOf(route, rule))
    .filter((unit) => unit.kind === 'http' && proof.programmed(unit) !== undefined);
  const units = [...standingUnits(route, proof.portsOf(owner)), ...known, ...rememberedUnits(route, known)];
  const { given, denied } = grants(units, route, input);
  // which objects serve which hostname is not known, so the admin's word on one is its word on all
  const [first] = denied;
  if (first !== undefined) return { ...nothing, told: [dropped(route, '*', first.problem)] };
  return {
    ...nothing,
    candidates: given.map((one) => candidate({ ...one, route, proof, frozen: true })),
    told: [
      { owner, rule: '*', state: standing ? 'Held' : problem.reason === 'Pending' ? 'Pending' : 'Dropped', problem },
    ],
    frozen: standing ? [{ owner, rule: undefined }] : [],
  };
}

/** What is programmed stays, whatever the spec now says; the rest waits. */
export function pausedRoute(route: RouteIntent, input: AskInput): Asks {
  const owner = route.source.uid;
  const { proof } = input;
  const wanted = route.rules.flatMap((rule) => unitsOf(route, rule));
  const faults = route.rules.flatMap((rule) => (rule.problem === undefined ? [] : brokenVerdict(route, rule, input)));
  const { given, denied } = grants(wanted, route, input);
  const orphans = proof.leftOver(owner, undefined, wanted) ? rememberedUnits(route, wanted) : [];
  const kept = [
    ...given.filter(({ unit }) => unit.kind === 'http' && stands(unit, route, input)),
    ...grants([...portUnits(route, wanted, input), ...orphans], route, input).given,
  ];
  const keys = new Set(kept.map(({ unit }) => JSON.stringify(unit)));
  const evicted = kept.length === 0 && denied.length > 0;
  return {
    ...nothing,
    candidates: kept.map((one) => candidate({ ...one, route, proof, frozen: true })),
    remembered: rememberedHosts(given, route),
    told: faults,
    denied,
    waiting: given.flatMap(({ unit }) => (keys.has(JSON.stringify(unit)) ? [] : [unit])),
    frozen: proof.anyOf(owner, undefined) && !evicted ? [{ owner, rule: undefined }] : [],
  };
}

function brokenVerdict(
  { source }: RouteIntent,
  { name, problem }: RuleIntent,
  { proof }: AskInput,
): readonly Verdict[] {
  if (problem === undefined) return [];
  const state = proof.anyOf(source.uid, name) ? 'Held' : 'Dropped';
  return [{ owner: source.uid, rule: name, state, problem }];
}

/** What of a rule is programmed, and what of that is still granted. */
function keptUnits(of: {
  readonly route: RouteIntent;
  readonly rule: RuleIntent;
  readonly input: AskInput;
}): ReturnType<typeof grants> {
  const { route, rule, input } = of;
  const { proof } = input;
  const units = unitsOf(route, rule);
  if (rule.kind === 'l4') {
    const mine = portUnits(route, units, input).filter((unit) => unit.rule === rule.name);
    return grants(mine, route, input);
  }
  const all = route.rules.flatMap((one) => unitsOf(route, one));
  const orphans = proof.leftOver(route.source.uid, rule.name, all) ? rememberedUnits(route, all) : [];
  return grants([...units.filter((unit) => stands(unit, route, input)), ...orphans], route, input);
}

/** Programmed; or remembered as held, when the cloud forgot everything of the route. */
function stands(unit: Unit, { source, recorded }: RouteIntent, { proof }: AskInput): boolean {
  if (proof.programmed(unit) !== undefined) return true;
  return !proof.anyOf(source.uid, undefined) && rememberedSince(unit, recorded) !== undefined;
}

/** The ports it stands on; when the cloud forgot them, the one that its status remembers. */
function portUnits(route: RouteIntent, wanted: readonly Unit[], { proof }: AskInput): readonly Unit[] {
  const standing = standingUnits(route, proof.portsOf(route.source.uid));
  if (standing.length > 0) return standing;
  return wanted.filter((unit) => unit.kind === 'l4' && rememberedSince(unit, route.recorded) !== undefined);
}

/** Whole hostnames that a status remembers and no unit asks for (any more): with what match is not known, so nobody else gets any. */
function rememberedUnits({ source, recorded }: RouteIntent, wanted: readonly Unit[]): readonly Unit[] {
  const asked = new Set(wanted.map((unit) => (unit.kind === 'http' ? `${unit.listener} ${unit.hostname}` : '')));
  return recorded
    .filter(({ type, state }) => type === 'Hostname' && state === 'Held')
    .flatMap(({ value, listeners }) =>
      listeners
        .filter((listener) => !asked.has(`${listener} ${value}`))
        .map(
          (listener): Unit => ({ kind: 'http', owner: source.uid, rule: '*', listener, hostname: value, match: '*' }),
        ),
    );
}
