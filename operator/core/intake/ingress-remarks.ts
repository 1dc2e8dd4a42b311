import type { BalancerName } from '../model/brand.ts';
import type { Problem } from '../model/reason.ts';
import type { Labels } from '../model/terms.ts';

/** Of Octavia's own ingress controller, which made a load balancer for each Ingress. */
const prefix = 'octavia.ingress.kubernetes.io/';

/** What these annotations wish for is the whole balancer's; its owner says it in one place for all. */
export function ingressRemarks(annotations: Labels, balancer: BalancerName): readonly Problem[] {
  const names = Object.keys(annotations)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .toSorted();
  if (names.length === 0) return [];
  const wishes = names.map((name) => {
    const field = fieldOf(name);
    return `${name} (${field === undefined ? 'nothing stands for it' : `spec.${field}`})`;
  });
  return [
    {
      reason: 'LoadBalancerWideSetting',
      message: `Annotations of ${prefix.slice(0, -1)} are not read: ${wishes.join(', ')}. The load balancer is shared; its settings stand in SharedBalancer ${balancer}.`,
    },
  ];
}

function fieldOf(name: string): string | undefined {
  return name.startsWith('timeout-') ? 'listeners[].timeouts' : fields.get(name);
}

const fields: ReadonlyMap<string, string> = new Map([
  ['internal', 'network.floatingIP'],
  ['floatingip', 'network.floatingIP'],
  ['keep-floatingip', 'network.floatingIP'],
  ['whitelist-source-range', 'listeners[].allowedCIDRs'],
]);
