import type { Digest, Uid } from '../model/brand.ts';
import { cutMiddle, displayName } from '../model/display-name.ts';
import {
  type ActionIntent,
  type HttpRuleIntent,
  type Intents,
  type Match,
  matchText,
  type RouteIntent,
} from '../model/intents.ts';
import { httpListenerKey, policyKey, poolKey } from '../model/key.ts';
import { bodyHash } from '../model/tags.ts';
import type { Claims, HeldUnit, Unit } from '../model/verdict.ts';
import type { WantedAction, WantedPolicy } from '../model/wanted.ts';
import { policyRules } from './atoms.ts';
import { comparePrecedence, type Ranked } from './precedence.ts';

interface Input {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly digest: Digest;
}

type HttpUnit = Extract<Unit, { kind: 'http' }>;

/** One policy for every (listener, hostname, match) that is held, in the order in which HAProxy must look at them. */
export function wantedPolicies(input: Input): readonly WantedPolicy[] {
  const routes = new Map(input.intents.routes.map((route) => [route.source.uid, route]));
  return input.claims.held
    .flatMap((entry) => ranked(entry, routes))
    .toSorted((a, b) => comparePrecedence(a.rank, b.rank))
    .map((one) => wantedPolicy(one, input));
}

interface One {
  readonly unit: HttpUnit;
  readonly route: RouteIntent;
  readonly match: Match;
  readonly action: ActionIntent;
  readonly claimed: HeldUnit['claimedAt'];
  readonly rank: Ranked;
}

function ranked(entry: HeldUnit, routes: ReadonlyMap<Uid, RouteIntent>): readonly One[] {
  const { unit, claimedAt } = entry;
  const route = routes.get(unit.owner);
  if (unit.kind !== 'http' || route === undefined) return [];
  const ruleIndex = route.rules.findIndex((rule) => rule.name === unit.rule);
  const rule = route.rules[ruleIndex];
  if (rule?.kind !== 'http') return [];
  const match = matchOf(rule, unit);
  if (match === undefined) return [];
  const { hostname, listener } = unit;
  const { kind, namespace, name } = route.source;
  const rank = {
    listener,
    hostname,
    match,
    claimed: claimedAt,
    source: `${kind} ${namespace} ${name}`,
    rule: ruleIndex,
  };
  return [{ unit, route, match, action: rule.action, claimed: claimedAt, rank }];
}

function matchOf(rule: HttpRuleIntent, unit: HttpUnit): Match | undefined {
  return rule.matches.find((match) => matchText(match) === unit.match);
}

function wantedAction(action: ActionIntent, { owner, rule }: HttpUnit): WantedAction {
  return action.type === 'Forward' ? { type: 'Forward', pool: poolKey(owner, rule, action.pool.protocol) } : action;
}

function wantedPolicy({ unit, route, match, action, claimed }: One, { intents, digest }: Input): WantedPolicy {
  const { cluster, uid } = intents.balancer;
  const { kind, namespace, name } = route.source;
  const key = policyKey({ ...unit, index: 0 }, digest);
  const body = {
    name: displayName(`${namespace}/${name}/${unit.rule}`, key, digest),
    description: cutMiddle(`${kind} ${namespace}/${name} rule ${unit.rule} host ${unit.hostname}`, 255),
    listener: httpListenerKey(unit.listener),
    action: wantedAction(action, unit),
    rules: policyRules(unit.hostname, match),
  };
  return {
    ...body,
    key,
    tags: { cluster, balancer: uid, key, owner: unit.owner, claimed, hash: bodyHash(body, digest) },
  };
}
