import type { Digest, Instant, Uid } from '../model/brand.ts';
import type { Intents, RouteIntent } from '../model/intents.ts';
import { formReader } from '../model/member-name.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { Claims, Unit, Verdict } from '../model/verdict.ts';
import type { WantedTree } from '../model/wanted.ts';
import { nextDrainEnd } from './drain.ts';
import { wantedAddress, wantedLoadBalancer } from './load-balancer.ts';
import { frozenObjects } from './frozen.ts';
import { keptListeners, wantedListeners } from './listeners.ts';
import { limitVerdicts } from './l7-verdicts.ts';
import { type WantedL7, wantedL7 } from './policies.ts';
import { noReadyNodes } from './members.ts';
import { poolOf, wantedPools } from './pools.ts';
import { suspendedVerdicts } from './suspended-verdict.ts';

export interface TranslateInput {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly now: Instant;
  readonly digest: Digest;
}

export interface Translation {
  readonly wanted: WantedTree;
  readonly verdicts: readonly Verdict[];
  /** What is wrong with default backends: the platform team's, and nobody else's. */
  readonly defaultProblems: readonly Problem[];
  /** When the first drain ends; undefined: nothing will be due by time alone. */
  readonly lookAgainAt: Instant | undefined;
}

/** Intents and claims of one balancer → the Octavia tree that serves them. A user's mistake is a verdict, never a throw. */
export function translate(given: TranslateInput): Translation {
  const input = { ...given, forms: formReader(given.digest) };
  const l7 = wantedL7(input);
  const served = { ...input, claims: servedClaims(input.claims, l7) };
  const { pools, monitors } = wantedPools(served);
  const { frozen, frozenMembers } = frozenObjects(served);
  const wanted: WantedTree = {
    loadBalancer: wantedLoadBalancer(input),
    farewell: undefined,
    listeners: wantedListeners(input),
    pools,
    monitors,
    policies: l7.policies,
    policyOrder: l7.policyOrder,
    covered: l7.covered,
    frozen: [...frozen, ...keptListeners(input)],
    frozenMembers,
    address: wantedAddress(input),
  };
  return {
    wanted,
    verdicts: withNodes(suspendedVerdicts(limitVerdicts(input.claims.verdicts, l7), wanted, input.seen), input.intents),
    defaultProblems: defaultProblems(input.intents),
    lookAgainAt: nextDrainEnd(wanted),
  };
}

/** A rule that got all it asked for and has no node to send to is not in effect. */
function withNodes(verdicts: readonly Verdict[], { balancer, routes }: Intents): readonly Verdict[] {
  const byOwner = new Map<Uid, RouteIntent>(routes.map((route) => [route.source.uid, route]));
  return verdicts.map((verdict) => {
    if (verdict.state !== 'Programmed') return verdict;
    const rule = byOwner.get(verdict.owner)?.rules.find(({ name }) => name === verdict.rule);
    const pool = rule === undefined ? undefined : poolOf(rule);
    const problem = pool === undefined ? undefined : noReadyNodes(pool, balancer);
    return problem === undefined ? verdict : { ...verdict, state: 'Pending', problem };
  });
}

function defaultProblems({ balancer }: Intents): readonly Problem[] {
  return balancer.defaultBackends.flatMap(({ pool, problem }) => problem ?? noReadyNodes(pool, balancer) ?? []);
}

/** A refused unit keeps its keys and gets no objects; what stands for a held rule stays as it is. */
function servedClaims(claims: Claims, { refused, held }: WantedL7): Claims {
  if (refused.length === 0 && held.length === 0) return claims;
  const units = new Set<Unit>(refused.map(({ unit }) => unit));
  const rules = new Set(held.map(({ owner, rule }) => `${owner} ${rule}`));
  return {
    ...claims,
    held: claims.held.filter(({ unit }) => !units.has(unit) && !rules.has(`${unit.owner} ${unit.rule}`)),
    frozen: [...claims.frozen, ...held],
  };
}
