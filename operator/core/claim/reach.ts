import type { BalancerIntent, RouteIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';

interface ReachInput {
  readonly balancer: BalancerIntent;
  readonly seen: Seen;
}

/** Whoever asks to be internal is not to be reached from outside, not even for as long as its last good state would be held. */
export function exposureMismatch({ reach }: Pick<RouteIntent, 'reach'>, input: ReachInput): Problem | undefined {
  if (reach?.internal !== true || !isPublic(input)) return undefined;
  return {
    reason: 'ExposureMismatch',
    message:
      'The annotation service.beta.kubernetes.io/openstack-internal-load-balancer asks to be internal and the balancer is public. Name an internal balancer by octopool.dev/balancer, or take the annotation off.',
  };
}

/** A Service that asks for an address which the balancer does not have. While none is known, it waits. */
export function addressMismatch({ reach }: Pick<RouteIntent, 'reach'>, input: ReachInput): Problem | undefined {
  const asked = reach?.address;
  if (asked === undefined) return undefined;
  const has = addresses(input);
  if (has.includes(asked)) return undefined;
  if (!areKnown(input))
    return {
      reason: 'Pending',
      message: `The balancer does not have all of its addresses yet. The Service waits for ${asked}.`,
    };
  return {
    reason: 'AddressMismatch',
    message: `spec.loadBalancerIP asks for ${asked} and the balancer has ${has.join(', ')}. Ask for one of these, name another balancer, or leave it out.`,
  };
}

/** It has a floating IP, or is to get one. */
function isPublic({ balancer, seen }: ReachInput): boolean {
  if (seen.floatingIP?.portId !== undefined) return true;
  const { mode } = balancer.spec.network.floatingIP;
  return mode === undefined ? seen.resolved.vip?.family !== 'IPv6' : mode !== 'None';
}

function addresses({ seen }: ReachInput): readonly string[] {
  const { loadBalancer, floatingIP } = seen;
  const floating = floatingIP?.portId === undefined ? [] : [floatingIP.address];
  return loadBalancer === undefined
    ? []
    : [...floating, loadBalancer.vipAddress, ...loadBalancer.additionalVipAddresses];
}

function areKnown(input: ReachInput): boolean {
  const { loadBalancer, floatingIP } = input.seen;
  return loadBalancer !== undefined && (floatingIP?.portId !== undefined || !isPublic(input));
}
