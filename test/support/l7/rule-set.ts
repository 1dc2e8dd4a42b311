import { canonicalMatches } from '../../../operator/core/intake/matches.ts';
import { intake } from '../../../operator/core/intake/intake.ts';
import {
  type ActionIntent,
  type HttpRuleIntent,
  type Intents,
  type Match,
  matchText,
} from '../../../operator/core/model/intents.ts';
import type { Instant } from '../../../operator/core/model/brand.ts';
import type { FieldMatchSpec, MatchSpec } from '../../../operator/core/model/route-spec.ts';
import type { Claims } from '../../../operator/core/model/verdict.ts';
import type { WantedTree } from '../../../operator/core/model/wanted.ts';
import { translate, type TranslateInput } from '../../../operator/core/translate/translate.ts';
import { balancer, digest, instant, snapshot, uidOf } from '../core-fixtures.ts';
import type { Asked } from './first-match.ts';
import type { Dice } from '../dice.ts';

/** A rule of one hostname and one match, in a route of its own. */
export interface Unit extends Asked {
  readonly name: string;
  readonly action: 'Forward' | 'Redirect' | 'Reject';
}

const hostnames = ['a.x.io', 'a.x.io', 'b.x.io', 'c.b.x.io', '*.x.io', '+.x.io', '*.b.x.io', '+.b.x.io', '*'];
const paths: readonly MatchSpec['path'][] = [
  undefined,
  undefined,
  { type: 'PathPrefix', value: '/' },
  { type: 'PathPrefix', value: '/a' },
  { type: 'PathPrefix', value: '/a/' },
  { type: 'PathPrefix', value: '/a/b' },
  { type: 'Exact', value: '/a' },
  { type: 'Exact', value: '/a.png' },
  { type: 'Exact', value: '/a/b' },
  { type: 'Regex', value: '^/a' },
  { type: 'Regex', value: '^/a/[bc]$' },
];
const values = ['one', 'on', 'two', 'one-two'];
const types = ['Exact', 'Exact', 'Prefix', 'Suffix', 'Contains', 'Regex', 'Present'] as const;

/** Up to seven units, no two with the same hostname and match. */
export function anyRuleSet(dice: Dice): readonly Unit[] {
  const units = new Map<string, Unit>();
  for (let count = 2 + dice.roll(6); count > 0; count -= 1) {
    const hostname = dice.one(hostnames);
    const match = anyMatch(dice);
    const name = `r${count}`;
    const action = dice.one(['Forward', 'Forward', 'Redirect', 'Reject'] as const);
    units.set(`${hostname} ${matchText(match)}`, {
      name,
      hostname,
      match,
      action,
      claimed: instant(dice.roll(3)),
      source: `ServiceRoute a ${name}`,
    });
  }
  return [...units.values()];
}

function anyMatch(dice: Dice): Match {
  const some = (names: readonly string[], percent: number): readonly FieldMatchSpec[] =>
    names.flatMap((name) => (dice.chance(percent) ? [anyField(name, dice)] : []));
  const spec: MatchSpec = {
    path: dice.one(paths),
    headers: some(['X-Env', 'X-Kind', 'x-env'], 25),
    cookies: some(['beta', 'who'], 20),
    fileTypes: dice.chance(15) ? dice.one([['png'], ['jpg', 'png'], ['jpg']]) : [],
  };
  const { matches, problem } = canonicalMatches([spec], 'Allowed');
  const [match] = matches;
  if (match === undefined || problem !== undefined) throw new Error(`not a match: ${JSON.stringify(problem)}`);
  return match;
}

function anyField(name: string, dice: Dice): FieldMatchSpec {
  const type = dice.one(types);
  return { name, type, value: type === 'Present' ? undefined : dice.one(values), invert: dice.chance(20) };
}

const pool = {
  backends: [],
  algorithm: 'RoundRobin',
  monitor: { type: 'None' },
  maxNodes: undefined,
  persistence: undefined,
  protocol: 'HTTP',
  nodes: undefined,
  drainTimeout: 0,
} as const;

/** Where a redirect of this unit leads. */
export function targetOf(name: string): string {
  return `https://${name}.example.com/`;
}

function actionIntent({ action, name }: Unit): ActionIntent {
  if (action === 'Forward') return { type: 'Forward', pool: pool };
  return action === 'Reject' ? { type: 'Reject' } : { type: 'Redirect', code: 302, url: targetOf(name) };
}

const world = balancer();
const { balancer: balancerIntent } = intake(snapshot({ routes: [], balancer: world }), world, digest);

/** The units as routes that got all they asked for. */
export function intentsOf(units: readonly Unit[]): { readonly intents: Intents; readonly claims: Claims } {
  const routes = units.map((unit) => {
    const { name, hostname, match } = unit;
    const rule: HttpRuleIntent = {
      kind: 'http',
      name,
      listeners: ['http'],
      hostnames: [hostname],
      matches: [match],
      action: actionIntent(unit),
      problem: undefined,
    };
    const source = { kind: 'ServiceRoute', namespace: 'a', name, uid: uidOf(name), generation: 1 } as const;
    return {
      source: { ...source, createdAt: instant(1) },
      namespaceLabels: {},
      switches: { paused: false, allowDisruptive: false },
      problem: undefined,
      remarks: [],
      rules: [rule],
      own: { nodePorts: new Set<number>(), healthCheckNodePorts: new Set<number>(), pods: new Map() },
      recorded: [],
    };
  });
  return {
    intents: { balancer: balancerIntent, routes },
    claims: {
      held: units.map(({ name, hostname, match, claimed }) => ({
        unit: { kind: 'http', owner: uidOf(name), rule: name, listener: 'http', hostname, match: matchText(match) },
        claimedAt: claimed as Instant,
      })),
      frozen: [],
      verdicts: units.map(({ name }) => ({
        owner: uidOf(name),
        rule: name,
        state: 'Programmed',
        problem: undefined,
      })),
      claims: [],
      refusedListeners: [],
      evicted: [],
      conflicts: [],
    },
  };
}

/** The tree of the units alone. */
export function wantedOfUnits(units: readonly Unit[], rest: Omit<TranslateInput, 'intents' | 'claims'>): WantedTree {
  return translate({ ...intentsOf(units), ...rest }).wanted;
}
