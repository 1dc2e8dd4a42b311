import type { Digest, Instant } from '../model/brand.ts';
import { type ActionIntent, type Intents, matchText, type RouteIntent } from '../model/intents.ts';
import { type Key, policyKey } from '../model/key.ts';
import type { Seen, SeenPolicy } from '../model/seen.ts';
import type { Claims, HeldUnit, Unit } from '../model/verdict.ts';
import { type Atom, atomsOf } from './atoms.ts';
import { comparePrecedence, specificity } from './precedence.ts';
import { readAtoms } from './read-atoms.ts';
import { type SeenPolicies, seenPolicies } from './seen-policies.ts';

/** The order in which HAProxy evaluates: all rejections, then all redirects, then all forwards. */
export type ActionClass = 0 | 1 | 2;

/** What a request of one listener can belong to. */
export type L7Unit = WantedUnit | StandingUnit;

interface CommonUnit {
  readonly listener: string;
  readonly atoms: readonly Atom[];
  readonly specificity: readonly number[];
  readonly class: ActionClass;
  readonly claimed: Instant;
  readonly source: string;
  readonly rule: number;
  readonly text: string;
}

/** A (listener, hostname, match) that its rule holds. */
export interface WantedUnit extends CommonUnit {
  readonly kind: 'wanted';
  readonly unit: Extract<Unit, { kind: 'http' }>;
  readonly route: RouteIntent;
  readonly action: ActionIntent;
  /** What is programmed for it, as whatever it was asked for then. */
  readonly standing: readonly SeenPolicy[];
}

/** What is programmed for a rule that is held: it stays as it is, and the others have to live with it. */
export interface StandingUnit extends CommonUnit {
  readonly kind: 'standing';
  readonly keys: readonly Key[];
}

/** Programmed in its class already: nobody who comes later displaces it. */
export function isProgrammed({ standing, class: own }: WantedUnit): boolean {
  return standing.some((policy) => classOf(policy.action) === own);
}

/** Of a rule that turns out to be held: nothing of it where nothing is programmed. */
export function heldUnit(unit: WantedUnit): readonly StandingUnit[] {
  const { listener, atoms, specificity: rank, claimed, source, rule, text, standing } = unit;
  const [first] = standing;
  if (first === undefined) return [];
  const keys = standing.flatMap((policy) => policy.tags?.key ?? []);
  const common = { listener, atoms, specificity: rank, claimed, source, rule, text };
  return [{ kind: 'standing', ...common, class: classOf(first.action), keys }];
}

export interface L7Input {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly digest: Digest;
}

/** Everything that listeners serve by hostname, per listener in the order of precedence. */
export function l7Units(input: L7Input): readonly L7Unit[] {
  const routes = new Map(input.intents.routes.map((route) => [route.source.uid, route]));
  const there = seenPolicies(input.seen);
  return [
    ...input.claims.held.flatMap((held) => wantedUnits(held, routes.get(held.unit.owner), { there, input })),
    ...standingUnits(there, input),
  ].toSorted(comparePrecedence);
}

function wantedUnits(
  { unit, claimedAt }: HeldUnit,
  route: RouteIntent | undefined,
  { there, input }: { readonly there: SeenPolicies; readonly input: L7Input },
): readonly WantedUnit[] {
  if (unit.kind !== 'http' || route === undefined) return [];
  const place = route.rules.findIndex((rule) => rule.name === unit.rule);
  const rule = route.rules[place];
  if (rule?.kind !== 'http') return [];
  const match = rule.matches.find((one) => matchText(one) === unit.match);
  if (match === undefined) return [];
  const { kind, namespace, name } = route.source;
  const atoms = atomsOf(unit.hostname, match);
  return [
    {
      kind: 'wanted',
      unit,
      route,
      action: rule.action,
      listener: unit.listener,
      atoms,
      specificity: specificity(atoms),
      class: classes[rule.action.type],
      claimed: claimedAt,
      source: `${kind} ${namespace} ${name}`,
      rule: place,
      text: `${unit.hostname} ${unit.match} ${unit.rule}`,
      standing: there.ofUnit(policyKey({ ...unit, index: 0 }, input.digest)),
    },
  ];
}

const classes: Readonly<Record<ActionIntent['type'], ActionClass>> = { Reject: 0, Redirect: 1, Forward: 2 };

function classOf(action: string): ActionClass {
  if (action === 'REJECT') return 0;
  return action === 'REDIRECT_TO_POOL' ? 2 : 1;
}

/** What is programmed for held rules, read with its rules: lists show only their ids. */
function standingUnits(there: SeenPolicies, { intents, claims }: L7Input): readonly StandingUnit[] {
  const routes = new Map(intents.routes.map((route) => [route.source.uid, route]));
  const held = new Set(claims.frozen.map(({ owner, rule }) => `${owner} ${rule ?? '*'}`));
  return there.all.flatMap(({ key, parts, policy }): readonly StandingUnit[] => {
    if (policy.rules === undefined || !policy.enabled) return [];
    const route = routes.get(parts.owner);
    if (route === undefined || !(held.has(`${parts.owner} *`) || held.has(`${parts.owner} ${parts.rule}`))) return [];
    const { kind, namespace, name } = route.source;
    const atoms = readAtoms(policy.rules);
    return [
      {
        kind: 'standing',
        keys: [key],
        listener: parts.listener,
        atoms,
        specificity: specificity(atoms),
        class: classOf(policy.action),
        claimed: policy.tags?.claimed ?? (0 as Instant),
        source: `${kind} ${namespace} ${name}`,
        rule: route.rules.findIndex((rule) => rule.name === parts.rule),
        text: key,
      },
    ];
  });
}
