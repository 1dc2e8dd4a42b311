import type { Uid } from '../model/brand.ts';
import type {
  GroupName,
  NodeAccessIntent,
  NodePortIntent,
  NodeRule,
  NodeSource,
  SeenNodeAccess,
} from '../model/node-access.ts';

/** The rules of the nodes' group: one per source and protocol of balancers, and one per port and network of a Service. */
export function wantedNodeRules(intent: NodeAccessIntent, seen: SeenNodeAccess): readonly NodeRule[] {
  const ofBalancers = intent.sources.map((source) => ({ ...source, ...portsOf(source, intent), service: undefined }));
  return [...ofBalancers, ...intent.services.flatMap((service) => serviceRules(service, seen))];
}

function portsOf({ protocol }: NodeSource, { portRange }: NodeAccessIntent): Pick<NodeRule, 'min' | 'max'> {
  return protocol === 'icmp' || protocol === 'ipv6-icmp' ? { min: 0, max: 0 } : portRange;
}

export function nodeGroupName(cluster: Uid): GroupName {
  return `octopool-nodes-${cluster.slice(0, 8)}` as GroupName;
}

/** Held rules are those that there are, on ports that are still the Service's: one that it gave back may be another's by now. */
function serviceRules({ meta, ports, sources }: NodePortIntent, { group }: SeenNodeAccess): readonly NodeRule[] {
  const has = (rule: NodeRule): boolean =>
    ports.some(
      ({ protocol, nodePort }) => rule.protocol === protocol && rule.min === nodePort && rule.max === nodePort,
    );
  if (sources === 'held') return (group?.rules ?? []).filter((rule) => rule.service === meta.uid && has(rule));
  return ports.flatMap(({ protocol, nodePort }) =>
    (sources ?? []).map((cidr) => ({ protocol, min: nodePort, max: nodePort, cidr, service: meta.uid })),
  );
}
