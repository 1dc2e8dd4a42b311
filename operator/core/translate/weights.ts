import type { BackendIntent } from '../model/intents.ts';

/** One backend and the members that answer for it, by `address port`, each once. */
export interface BackendMembers {
  readonly weight: number;
  readonly role: BackendIntent['role'];
  readonly members: readonly string[];
}

export interface MemberShare {
  readonly weight: number;
  readonly backup: boolean;
}

/** The largest weight that Octavia has. */
const heaviest = 256;

/**
 * Shares of backends → weights of members, by `address port` (api.md §8.3). A member that answers for several backends is one
 * member and carries the sum. Backups serve only while no Active one does, so they share among themselves.
 */
export function memberWeights(backends: readonly BackendMembers[]): ReadonlyMap<string, MemberShare> {
  const [active, backup] = [weightsOf(backends, 'Active'), weightsOf(backends, 'Backup')];
  return new Map<string, MemberShare>([
    ...[...backup].map(([member, weight]) => [member, { weight, backup: true }] as const),
    // last word: what is Active for one backend is not kept back for another
    ...[...active].map(([member, weight]) => [member, { weight, backup: false }] as const),
  ]);
}

function weightsOf(all: readonly BackendMembers[], role: BackendIntent['role']): ReadonlyMap<string, number> {
  const backends = all.filter((backend) => backend.role === role);
  const shares = sharesOf(backends);
  if (backends.length === 1) return new Map([...shares].map(([member, share]) => [member, share === 0 ? 0 : 1]));
  const most = Math.max(...shares.values());
  return new Map(
    [...shares].map(([member, share]) => [
      member,
      share === 0 ? 0 : Math.max(1, Math.round((heaviest * share) / most)),
    ]),
  );
}

/** What one member gets of all requests, in the unit of the backends' weights. */
function sharesOf(backends: readonly BackendMembers[]): ReadonlyMap<string, number> {
  const parts = new Map<string, number[]>();
  for (const { weight, members } of backends)
    for (const member of members) parts.set(member, [...(parts.get(member) ?? []), weight / members.length]);
  // sorted: a sum of floats depends on the order of its terms, and the order of backends must not matter
  return new Map(
    [...parts].map(([member, terms]) => [member, terms.toSorted((a, b) => a - b).reduce((sum, term) => sum + term, 0)]),
  );
}
