import type { Instant } from '../model/brand.ts';
import { matchText, type RouteIntent, type RuleIntent } from '../model/intents.ts';
import { l4Rule, portRule } from '../model/key.ts';
import type { RecordedClaim } from '../model/snapshot.ts';
import type { Unit } from '../model/verdict.ts';
import type { Evidence, StandingPort } from './evidence.ts';

/** A unit that asks for its keys. */
export interface Candidate {
  readonly unit: Unit;
  readonly namespace: string;
  /** Delegated: other namespaces may have the same hostname. Open: first come, first served. */
  readonly grant: 'delegated' | 'open';
  /** 0: programmed, 1: remembered by a status, 2: new. */
  readonly rank: 0 | 1 | 2;
  /** Orders within a rank: the earlier claim, or the older object where no claim speaks for this very unit. */
  readonly since: Instant;
  /** Breaks ties; total. */
  readonly order: readonly string[];
  /** It keeps its keys, and its objects stay out of the plan. */
  readonly frozen: boolean;
  readonly claimedAt: Instant | undefined;
}

export interface CandidateInput {
  readonly unit: Unit;
  readonly route: RouteIntent;
  readonly grant: Candidate['grant'];
  readonly proof: Evidence;
  readonly frozen: boolean;
}

export function candidate({ unit, route, grant, proof, frozen }: CandidateInput): Candidate {
  const programmed = proof.programmed(unit);
  const remembered = programmed === undefined ? rememberedSince(unit, route.recorded) : undefined;
  const { kind, namespace, name, uid, createdAt } = route.source;
  const rank = programmed !== undefined ? 0 : remembered !== undefined ? 1 : 2;
  const rest = unit.kind === 'http' ? [unit.hostname, unit.listener, unit.match] : [unit.protocol, String(unit.port)];
  const names = [kind, namespace, name, uid, unit.rule, ...rest];
  // a status remembers hostnames, not rules: those of one hostname come back in the order of their objects' creation
  const byClaim = rank === 0 || (rank === 1 && unit.kind === 'l4');
  return {
    unit,
    namespace,
    grant,
    rank,
    since: byClaim ? (programmed ?? remembered ?? createdAt) : createdAt,
    order: byClaim ? [uid, ...names] : names,
    frozen,
    claimedAt: programmed ?? remembered,
  };
}

/** Programmed before remembered before new; within each as `since` and `order` say. */
export function inOrder(all: readonly Candidate[]): readonly Candidate[] {
  return all.toSorted((a, b) => a.rank - b.rank || a.since - b.since || compare(a.order, b.order));
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [at, text] of a.entries()) {
    const other = b[at] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
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

/** The L4 units that an owner stands on, whatever its spec now says. */
export function standingUnits({ source }: RouteIntent, ports: readonly StandingPort[]): readonly Unit[] {
  return ports.map(({ port, protocol }) => {
    const rule = source.kind === 'ServiceRoute' ? l4Rule : portRule(protocol, port);
    return { kind: 'l4', owner: source.uid, rule, port, protocol };
  });
}

export function rememberedSince(unit: Unit, recorded: readonly RecordedClaim[]): Instant | undefined {
  const found = recorded.find(({ type, value, listeners, state }) => {
    if (state !== 'Held') return false;
    return unit.kind === 'http'
      ? type === 'Hostname' && value === unit.hostname && listeners.includes(unit.listener)
      : type === 'Port' && value === `${unit.protocol}/${unit.port}`;
  });
  return found?.since;
}

export function unitText(unit: Unit): string {
  return unit.kind === 'l4'
    ? `l4 ${unit.protocol} ${unit.port} ${unit.owner}`
    : `http ${unit.listener} ${unit.hostname} ${unit.match} ${unit.owner} ${unit.rule}`;
}
