import type { Problem } from '../model/reason.ts';

/** As the schemas of our own kinds have it for each list of networks. */
const most = 64;

/**
 * Neutron has a rule for each port and network, out of a quota that all share: the project's for nodes, Octavia's own for listeners, and
 * a load balancer for which it is used up goes into ERROR with all that share it.
 */
export function tooManyNetworks(where: string, cidrs: readonly string[]): Problem | undefined {
  if (cidrs.length <= most) return undefined;
  return {
    reason: 'Invalid',
    message: `${where}: ${cidrs.length} networks, at most ${most} are possible. Draw neighbours together into wider ones.`,
  };
}
