import type { Reach } from '../model/intents.ts';
import type { PlainService } from '../model/plain-service.ts';
import type { Problem } from '../model/reason.ts';
import { internalKey, said } from './annotations.ts';

/** What a Service asks of the addresses that reach it. */
export function reachOf({ annotations, loadBalancerIP }: PlainService): Reach {
  return {
    internal: said(annotations, internalKey) === true,
    address: typeof loadBalancerIP === 'string' ? loadBalancerIP : undefined,
  };
}

export function addressInvalid({ loadBalancerIP }: PlainService): Problem | undefined {
  if (typeof loadBalancerIP !== 'object') return undefined;
  return {
    reason: 'Invalid',
    message: `spec.loadBalancerIP: ${JSON.stringify(loadBalancerIP.invalid)} is no IP address. Correct it, or leave it out.`,
  };
}
