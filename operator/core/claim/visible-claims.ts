import type { Instant, Uid } from '../model/brand.ts';
import { shownHostname } from '../model/hostname.ts';
import type { Intents } from '../model/intents.ts';
import type { Claim, Conflict, Unit } from '../model/verdict.ts';
import type { Asks } from './asks.ts';
import { wildcardsAbove } from './delegation.ts';
import type { Ledger, Loser } from './ledger.ts';

interface Input {
  readonly intents: Intents;
  readonly asks: Asks;
  readonly ledger: Ledger;
  readonly now: Instant;
}

/** What each route holds and waits for, as its status says it. */
export function visibleClaims({ intents, asks, ledger, now }: Input): readonly Claim[] {
  const held = ledger.winners.map(({ unit, claimedAt }) => asClaim(unit, 'Held', claimedAt ?? now));
  const waiting = [...ledger.losers.map(({ candidate }) => candidate.unit), ...asks.waiting].map((unit) =>
    asClaim(unit, 'Waiting', now),
  );
  const claims = new Map<string, Claim>();
  for (const claim of [...held, ...waiting]) {
    const name = claimText(claim);
    const other = claims.get(name);
    claims.set(name, other === undefined ? claim : merged(other, claim));
  }
  const sinceWaiting = rememberedWaits(intents);
  return [...claims]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, claim]) => (claim.state === 'Waiting' ? { ...claim, since: sinceWaiting.get(name) ?? now } : claim));
}

function asClaim(unit: Unit, state: Claim['state'], since: Instant): Claim {
  const base = { owner: unit.owner, state, since } as const;
  if (unit.kind === 'l4') return { ...base, type: 'Port', value: `${unit.protocol}/${unit.port}`, listeners: [] };
  return { ...base, type: 'Hostname', value: unit.hostname, listeners: [unit.listener] };
}

function merged(a: Claim, b: Claim): Claim {
  const listeners = [...new Set([...a.listeners, ...b.listeners])].toSorted();
  return { ...a, listeners, since: Math.min(a.since, b.since) as Instant };
}

function rememberedWaits({ routes }: Intents): ReadonlyMap<string, Instant> {
  const waits = new Map<string, Instant>();
  for (const route of routes)
    for (const { type, value, state, since } of route.recorded)
      if (state === 'Waiting') waits.set(claimText({ owner: route.source.uid, type, value, state }), since);
  return waits;
}

function claimText({ owner, type, value, state }: Pick<Claim, 'owner' | 'type' | 'value' | 'state'>): string {
  return `${owner} ${type} ${value} ${state}`;
}

/** Each thing that a route lost, once. */
export function conflicts(ledger: Ledger): readonly Conflict[] {
  const holders = hostHolders(ledger);
  const all = ledger.losers.map((loser): Conflict => {
    const { candidate, problem } = loser;
    const { unit } = candidate;
    return {
      loser: unit.owner,
      holder: holderOf(loser, holders),
      reason: problem.reason,
      what: whatWasLost(unit, problem.reason),
    };
  });
  const distinct = new Map(all.map((one) => [`${one.loser} ${one.reason} ${one.what} ${one.holder ?? ''}`, one]));
  return [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** By listener, hostname and namespace: of the routes that have a hostname in one namespace always the same one is named. */
function hostHolders({ winners, losers }: Ledger): ReadonlyMap<string, Uid> {
  const holders = new Map<string, Uid>();
  if (losers.length === 0) return holders;
  for (const { unit, namespace } of winners) {
    if (unit.kind !== 'http') continue;
    const name = `${unit.listener} ${unit.hostname} ${namespace}`;
    const other = holders.get(name);
    if (other === undefined || unit.owner < other) holders.set(name, unit.owner);
  }
  return holders;
}

function holderOf({ candidate, problem, holder }: Loser, holders: ReadonlyMap<string, Uid>): Conflict['holder'] {
  const { unit } = candidate;
  if (unit.kind !== 'http' || problem.reason !== 'HostnameConflict') return holder.owner;
  const owners = [unit.hostname, ...wildcardsAbove(unit.hostname)].flatMap(
    (hostname) => holders.get(`${unit.listener} ${hostname} ${holder.namespace}`) ?? [],
  );
  return owners.toSorted()[0] ?? holder.owner;
}

function whatWasLost(unit: Unit, reason: Conflict['reason']): string {
  if (unit.kind === 'l4') return `port ${unit.protocol} ${unit.port}`;
  const hostname = shownHostname(unit.hostname);
  return reason === 'RuleConflict' ? `hostname ${hostname} with match "${unit.match}"` : `hostname ${hostname}`;
}
