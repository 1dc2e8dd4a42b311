import type { Instant, Uid } from '../model/brand.ts';
import type { RouteIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { Claims, Unit, Verdict } from '../model/verdict.ts';
import { type Candidate, rememberedSince } from './candidates.ts';
import { type Grant, grantOf } from './delegation.ts';
import type { FaultInput } from './rule-fault.ts';

/** What routes ask for, and what is clear about them before anybody is weighed against another. */
export interface Asks {
  readonly candidates: readonly Candidate[];
  /** Hostnames that a status remembers as held: theirs again when the cloud forgot them. */
  readonly remembered: readonly RememberedHost[];
  /** Rules whose verdict depends on nobody else. */
  readonly told: readonly Verdict[];
  /** Units that the balancer does not grant, of rules that have others. */
  readonly denied: readonly { readonly unit: Unit; readonly problem: Problem }[];
  /** Units that must not be programmed now. */
  readonly waiting: readonly Unit[];
  readonly frozen: Claims['frozen'];
}

export interface RememberedHost {
  readonly listener: string;
  readonly hostname: string;
  readonly namespace: string;
  readonly owner: Uid;
  readonly since: Instant;
  /** address: of an Ingress, which may have been edited since it was given that. */
  readonly by: 'claim' | 'address';
}

export type AskInput = FaultInput;

/** A unit and how it is given. */
export interface Granted {
  readonly unit: Unit;
  readonly grant: Exclude<Grant, { kind: 'denied' }>['kind'];
}

export const nothing: Asks = { candidates: [], remembered: [], told: [], denied: [], waiting: [], frozen: [] };

/** The balancer's word on each unit. */
export function grants(
  units: readonly Unit[],
  { source }: RouteIntent,
  { balancer }: AskInput,
): { readonly given: readonly Granted[]; readonly denied: Asks['denied'] } {
  const given: Granted[] = [];
  const denied: { unit: Unit; problem: Problem }[] = [];
  for (const unit of units) {
    const grant = grantOf(unit, source.namespace, balancer.attachment);
    if (grant.kind === 'denied') denied.push({ unit, problem: grant.problem });
    else given.push({ unit, grant: grant.kind });
  }
  return { given, denied };
}

export function rememberedHosts(
  given: readonly Granted[],
  { source, recorded }: RouteIntent,
): readonly RememberedHost[] {
  return given.flatMap(({ unit, grant }) => {
    const since = rememberedSince(unit, recorded);
    if (unit.kind !== 'http' || since === undefined || grant !== 'open') return [];
    const { listener, hostname } = unit;
    const by = source.kind === 'Ingress' ? 'address' : 'claim';
    return [{ listener, hostname, namespace: source.namespace, owner: source.uid, since, by }];
  });
}

export function dropped({ source }: RouteIntent, rule: string, problem: Problem): Verdict {
  return { owner: source.uid, rule, state: 'Dropped', problem };
}

export function together(all: readonly Asks[]): Asks {
  return {
    candidates: all.flatMap((one) => one.candidates),
    remembered: all.flatMap((one) => one.remembered),
    told: all.flatMap((one) => one.told),
    denied: all.flatMap((one) => one.denied),
    waiting: all.flatMap((one) => one.waiting),
    frozen: all.flatMap((one) => one.frozen),
  };
}
