import { type BalancerName, readBalancerName } from '../core/model/brand.ts';
import { balancerPass } from './balancer-pass.ts';
import type { Again, Deps } from './deps.ts';
import { nodesPass } from './nodes-pass.ts';
import { servicePass } from './service-pass.ts';

/** One pass over whatever a key stands for. */
export function pass(key: BalancerName | 'nodes', deps: Deps, signal: AbortSignal): Promise<Again> {
  if (key === 'nodes') return nodesPass(deps, signal);
  return readBalancerName(key).kind === 'Service' ? servicePass(key, deps, signal) : balancerPass(key, deps, signal);
}
