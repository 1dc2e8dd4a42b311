import { shownHostname } from '../model/hostname.ts';
import type { Problem } from '../model/reason.ts';
import type { RememberedHost } from './asks.ts';
import type { Candidate } from './candidates.ts';
import { wildcardsAbove } from './delegation.ts';
import type { Holder, Ledger } from './ledger.ts';

type UnitOf<Kind> = Extract<Candidate['unit'], { kind: Kind }>;
type Refusal = { readonly problem: Problem; readonly holder: Holder };

/** Gives a unit all its keys, or none and the reason. The reason never says who has them. */
export function admit(candidate: Candidate, ledger: Ledger): void {
  const { unit } = candidate;
  const refusal = unit.kind === 'l4' ? takePort(candidate, unit, ledger) : takeRule(candidate, unit, ledger);
  if (refusal === undefined) ledger.winners.push(candidate);
  else ledger.losers.push({ candidate, ...refusal });
}

/** Hostnames that statuses remember go back to their namespaces, what is said before what is concluded, then the earlier claim, as far as they are free. */
export function restoreHosts(remembered: readonly RememberedHost[], { hosts }: Ledger): void {
  const inOrder = remembered.toSorted(
    (a, b) => places[a.by] - places[b.by] || a.since - b.since || (a.owner < b.owner ? -1 : 1),
  );
  for (const { listener, hostname, namespace, owner } of inOrder) {
    const key = `${listener} ${hostname}`;
    if (!hosts.has(key)) hosts.set(key, { owner, namespace, rule: '*' });
  }
}

const places = { claim: 0, address: 1 } as const;

function takePort({ namespace }: Candidate, unit: UnitOf<'l4'>, { ports }: Ledger): Refusal | undefined {
  const key = `${unit.protocol} ${unit.port}`;
  const holder = ports.get(key);
  const message = `Port ${key} is held by another listener of the balancer. Choose another port.`;
  if (holder !== undefined && holder.owner !== unit.owner)
    return { holder, problem: { reason: 'PortConflict', message } };
  ports.set(key, { owner: unit.owner, namespace, rule: unit.rule });
  return undefined;
}

function takeRule(candidate: Candidate, unit: UnitOf<'http'>, ledger: Ledger): Refusal | undefined {
  const self: Holder = { owner: unit.owner, namespace: candidate.namespace, rule: unit.rule };
  const host = `${unit.listener} ${unit.hostname}`;
  const rule = `${host} ${unit.match}`;
  const holder = hostTaken(candidate, unit, ledger);
  if (holder !== undefined) return { holder, problem: hostnameConflict(unit) };
  const taken = ruleTaken(self, ledger.rules.get(rule), ledger.closed.get(host));
  if (taken !== undefined) return { holder: taken, problem: ruleConflict(unit) };
  if (!ledger.hosts.has(host)) ledger.hosts.set(host, self);
  ledger.rules.set(rule, self);
  if (unit.match === '*') ledger.closed.set(host, self);
  return undefined;
}

/** Somebody of another namespace who has the hostname, or a wildcard above it (or of the same names, to another depth). What is delegated is taken by nobody. */
function hostTaken(
  { grant, namespace, rank }: Candidate,
  { listener, hostname }: UnitOf<'http'>,
  { hosts }: Ledger,
): Holder | undefined {
  if (grant === 'delegated') return undefined;
  const holder = hosts.get(`${listener} ${hostname}`);
  if (holder !== undefined) return holder.namespace === namespace ? undefined : holder;
  // who had the name before the wildcard came keeps it
  if (rank < 2) return undefined;
  return wildcardsAbove(hostname)
    .flatMap((wildcard) => hosts.get(`${listener} ${wildcard}`) ?? [])
    .find((above) => above.namespace !== namespace);
}

function ruleTaken(self: Holder, rule: Holder | undefined, closed: Holder | undefined): Holder | undefined {
  if (rule !== undefined && (rule.owner !== self.owner || rule.rule !== self.rule)) return rule;
  return closed !== undefined && closed.owner !== self.owner ? closed : undefined;
}

function hostnameConflict({ hostname }: UnitOf<'http'>): Problem {
  return {
    reason: 'HostnameConflict',
    message: `Hostname ${shownHostname(hostname)} is held by another route. Choose another name, or ask the platform team.`,
  };
}

function ruleConflict({ hostname, match }: UnitOf<'http'>): Problem {
  return {
    reason: 'RuleConflict',
    message: `Hostname ${shownHostname(hostname)} with match "${match}" is held by another route. Choose another path or name.`,
  };
}
