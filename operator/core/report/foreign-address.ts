import type { BalancerObject } from '../model/snapshot.ts';
import type { PassResult } from './pass-result.ts';
import { recordedAddresses } from './recorded.ts';

/**
 * A floating IP on a balancer that is to have none. Where somebody else put it there it is left alone and told: when it comes, and once
 * more for each spec that says None beside it.
 */
export function foreignAddress(
  { spec, meta, status }: Pick<BalancerObject, 'spec' | 'meta' | 'status'>,
  { seen }: Pick<PassResult, 'seen'>,
): string | undefined {
  const there = seen?.floatingIP;
  if ('invalid' in spec || spec.network.floatingIP.mode !== 'None') return undefined;
  if (there === undefined || there.ours || there.portId === undefined) return undefined;
  const { address } = there;
  const known =
    recordedAddresses(status.raw).some(({ type, value }) => type === 'FloatingIP' && value === address) &&
    status.conditions.every(({ observedGeneration }) => observedGeneration === meta.generation);
  if (known) return undefined;
  return `network.floatingIP.mode is None, and floating IP ${address}, which is not Octopool's, is on the VIP port: the balancer can be reached from outside. It is left there. Take it off in the cloud, or name it with mode Existing.`;
}
