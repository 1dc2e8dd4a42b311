import type { Instant } from '../model/brand.ts';
import { type Intents, matchText, type RouteIntent, type RuleIntent } from '../model/intents.ts';
import { conditionOf, type Problem } from '../model/reason.ts';
import type { RecordedClaim } from '../model/snapshot.ts';
import type { Unit } from '../model/verdict.ts';
import { attachProblem, delegationProblem } from './attach.ts';
import type { Evidence } from './evidence.ts';

/** A unit that asks for its keys. */
export interface Candidate {
  readonly unit: Unit;
  readonly namespace: string;
  /** 0: programmed, 1: remembered by a status, 2: new. */
  readonly rank: 0 | 1 | 2;
  readonly since: Instant;
  /** Breaks ties; total. */
  readonly order: readonly string[];
  /** Its rule is broken: it keeps its keys, and its objects stay out of the plan. */
  readonly frozen: boolean;
  readonly claimedAt: Instant | undefined;
}

/** A rule that asks for nothing, and why. */
export interface Refused {
  readonly route: RouteIntent;
  readonly rule: string;
  readonly problem: Problem;
}

export function candidates(
  intents: Intents,
  proof: Evidence,
): { readonly all: readonly Candidate[]; readonly refused: readonly Refused[] } {
  const all: Candidate[] = [];
  const refused: Refused[] = [];
  for (const route of intents.routes) {
    const turnedAway = attachProblem(route, intents.balancer);
    if (turnedAway !== undefined) {
      refused.push(...ruleNames(route).map((rule) => ({ route, rule, problem: turnedAway })));
      continue;
    }
    if (route.problem !== undefined) {
      refused.push({ route, rule: '*', problem: route.problem });
      all.push(...keptByBrokenRoute(route, proof));
      continue;
    }
    for (const rule of route.rules) {
      const problem = undelegated(route, rule, intents) ?? dropped(route, rule, proof);
      if (problem !== undefined) refused.push({ route, rule: rule.name, problem });
      else
        all.push(
          ...unitsOf(route, rule)
            .map((unit) => candidate({ unit, route, rule, proof }))
            .filter((one) => !one.frozen || one.rank < 2),
        );
    }
  }
  return { all, refused };
}

function ruleNames(route: RouteIntent): readonly string[] {
  return route.rules.length === 0 ? ['*'] : route.rules.map((rule) => rule.name);
}

/** The admin decides, over whatever is programmed. */
function undelegated(route: RouteIntent, rule: RuleIntent, intents: Intents): Problem | undefined {
  return delegationProblem(rule, intents.balancer, route.source.namespace);
}

/** Broken and never programmed: it claims nothing. */
function dropped(route: RouteIntent, rule: RuleIntent, proof: Evidence): Problem | undefined {
  return rule.problem !== undefined && !proof.anyOf(route.source.uid, rule.name) ? rule.problem : undefined;
}

export function unitsOf(route: RouteIntent, rule: RuleIntent): readonly Unit[] {
  const owner = route.source.uid;
  if (rule.kind === 'l4') return [{ kind: 'l4', owner, rule: rule.name, port: rule.port, protocol: rule.protocol }];
  return rule.listeners.flatMap((listener) =>
    rule.hostnames.flatMap((hostname) =>
      rule.matches.map(
        (match): Unit => ({ kind: 'http', owner, rule: rule.name, listener, hostname, match: matchText(match) }),
      ),
    ),
  );
}

function candidate({
  unit,
  route,
  rule,
  proof,
}: {
  readonly unit: Unit;
  readonly route: RouteIntent;
  readonly rule: RuleIntent;
  readonly proof: Evidence;
}): Candidate {
  const programmed = proof.programmed(unit);
  const remembered = programmed === undefined ? rememberedSince(unit, route.recorded) : undefined;
  const { kind, namespace, name, uid, createdAt } = route.source;
  const rank = programmed !== undefined ? 0 : remembered !== undefined ? 1 : 2;
  const rest = unit.kind === 'http' ? [unit.hostname, unit.listener, unit.match] : [String(unit.port)];
  const names = [kind, namespace, name, uid, unit.rule, ...rest];
  return {
    unit,
    namespace,
    rank,
    since: programmed ?? remembered ?? createdAt,
    order: rank === 2 ? names : [uid, ...names],
    frozen: rule.problem !== undefined,
    claimedAt: programmed ?? remembered,
  };
}

function rememberedSince(unit: Unit, recorded: readonly RecordedClaim[]): Instant | undefined {
  const found = recorded.find((claim) =>
    unit.kind === 'http'
      ? claim.type === 'Hostname' && claim.value === unit.hostname && claim.listeners.includes(unit.listener)
      : claim.type === 'Port' && claim.value === `${unit.protocol}/${unit.port}`,
  );
  return found?.state === 'Held' ? found.since : undefined;
}

/** Its rules cannot be read; the ports it stands on and the hostnames its status remembers stay its own. */
function keptByBrokenRoute(route: RouteIntent, proof: Evidence): readonly Candidate[] {
  const owner = route.source.uid;
  const { namespace } = route.source;
  if (!proof.anyOf(owner, undefined)) return [];
  const base = { namespace, rank: 0, frozen: true, order: [owner] } as const;
  const ports = proof.portsOf(owner).map(
    ({ port, protocol, since }): Candidate => ({
      ...base,
      unit: { kind: 'l4', owner, rule: 'l4', port, protocol },
      since,
      claimedAt: since,
    }),
  );
  const hosts = route.recorded
    .filter((claim) => claim.type === 'Hostname' && claim.state === 'Held')
    .flatMap((claim) =>
      claim.listeners.map(
        (listener): Candidate => ({
          ...base,
          unit: { kind: 'http', owner, rule: '*', listener, hostname: claim.value, match: '*' },
          since: claim.since,
          claimedAt: claim.since,
        }),
      ),
    );
  return [...ports, ...hosts];
}

/** A broken spec can be held; a broken reference can be held too; both are told apart by their condition. */
export function isReference(problem: Problem): boolean {
  return conditionOf(problem.reason) === 'ResolvedRefs';
}
