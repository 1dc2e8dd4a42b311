import { runCommand, tryCommand } from '../command.ts';
import { inNamespace } from './in-namespace.ts';
import { podRange } from './kubelet-config.ts';
import type { NodeRecord, NodesRecord } from './nodes-record.ts';

const gateway = '10.10.0.1';
export const ownClientIp = '10.10.9.9';
export const ownNodeIp = (number: number): string => `10.10.250.${number}`;

/** Makes the namespaces of a stand-alone set: nodes and a client on one bridge, whose namespace is also their router. */
export async function makeOwnNetwork(record: NodesRecord): Promise<void> {
  const router = record.router ?? '';
  await runCommand({ program: 'ip', args: ['netns', 'add', router] });
  await ip(router, ['link set lo up', 'link add br0 type bridge', `addr add ${gateway}/16 dev br0`, 'link set br0 up']);
  await runCommand(inNamespace(router, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']));
  const ends = [...record.nodes, record.client];
  await Promise.all(ends.map((end, number) => plugIn(end, router, `port${number}`)));
}

export async function removeOwnNetwork(record: NodesRecord): Promise<void> {
  for (const namespace of [
    ...record.nodes.map((node) => node.namespace),
    record.client.namespace,
    record.router ?? '',
  ]) {
    await tryCommand({ program: 'ip', args: ['netns', 'delete', namespace] });
  }
}

type End = { readonly namespace: string; readonly ip: string };

async function plugIn({ namespace, ip: address }: End, router: string, port: string): Promise<void> {
  await runCommand({ program: 'ip', args: ['netns', 'add', namespace] });
  await ip(router, [`link add ${port} type veth peer name eth0 netns ${namespace}`, `link set ${port} master br0 up`]);
  await ip(namespace, [
    'link set lo up',
    `addr add ${address}/16 dev eth0`,
    'link set eth0 up',
    `route add default via ${gateway}`,
  ]);
}

/** What a cloud's route controller does: every node, and the router, knows the way to every pod. */
export async function routePods(record: NodesRecord, node: NodeRecord): Promise<void> {
  const others = record.nodes.filter(({ name }) => name !== node.name);
  await cutPodLinks(node);
  await ip(
    node.namespace,
    others.map((other) => `route replace ${other.podCidr} via ${other.ip}`),
  );
  if (record.router !== null) await ip(record.router, [`route replace ${node.podCidr} via ${node.ip}`]);
  await nft(node.namespace, podNetworkTable(node));
}

/** Takes back what routePods, kube-proxy and the pods' links did in a namespace that is not ours. */
export async function unroutePods(record: NodesRecord, node: NodeRecord): Promise<void> {
  await forgetPackets(node);
  await cutPodLinks(node);
  await tryNft(node.namespace, ['delete', 'table', 'ip', 'pod-network']);
  for (const other of record.nodes) {
    await tryCommand({ program: 'ip', args: ['-n', node.namespace, 'route', 'delete', other.podCidr] });
  }
  if (record.router === null) return;
  await tryCommand({ program: 'ip', args: ['-n', record.router, 'route', 'delete', node.podCidr] });
}

/**
 * The node's ends of its pods' links. One lives as long as the pod's namespace, and the ptp plugin takes a route that is there already
 * for its own: where something kept a namespace, packets of a later pod with that address would go astray. Seen were new pods that refused
 * connections for half a minute and then let them time out; that this is why is inferred, not shown.
 */
export async function podLinks({ namespace }: Pick<NodeRecord, 'namespace'>): Promise<readonly string[]> {
  const lines = await runCommand({ program: 'ip', args: ['-n', namespace, '-o', 'link', 'show', 'type', 'veth'] });
  return [...lines.matchAll(/^\d+: (veth[^@:\s]+)/gm)].map(([, name = '']) => name);
}

async function cutPodLinks(node: NodeRecord): Promise<void> {
  const links = await podLinks(node).catch(() => []); // the lab that had the namespace may be gone
  for (const link of links) await tryCommand({ program: 'ip', args: ['-n', node.namespace, 'link', 'delete', link] });
}

/** Removes kube-proxy's rules. */
export async function forgetPackets({ namespace }: NodeRecord): Promise<void> {
  for (const family of ['ip', 'ip6']) await tryNft(namespace, ['delete', 'table', family, 'kube-proxy']);
}

/** As if the node's cable were out: no packet gets in or out. Its addresses and routes stay, as a link that is down would lose them. */
export async function unplug({ namespace }: NodeRecord): Promise<void> {
  await nft(
    namespace,
    `table inet unplugged
delete table inet unplugged
table inet unplugged {
  chain in { type filter hook prerouting priority -400; iifname != "lo" drop; }
  chain out { type filter hook output priority -400; oifname != "lo" drop; }
}
`,
  );
}

export async function plugBackIn({ namespace }: NodeRecord): Promise<void> {
  await tryNft(namespace, ['delete', 'table', 'inet', 'unplugged']);
}

// Packets of pods to the world carry the node's address: the world has no way back to a pod. The first two lines make it repeatable.
function podNetworkTable({ podCidr }: NodeRecord): string {
  return `table ip pod-network
delete table ip pod-network
table ip pod-network {
  chain postrouting {
    type nat hook postrouting priority 110
    ip saddr ${podCidr} ip daddr != ${podRange} masquerade
  }
}
`;
}

async function ip(namespace: string, lines: readonly string[]): Promise<void> {
  await runCommand({ program: 'ip', args: ['-n', namespace, '-batch', '-'], input: `${lines.join('\n')}\n` });
}

async function nft(namespace: string, rules: string): Promise<void> {
  await runCommand({ ...inNamespace(namespace, ['nft', '-f', '-']), input: rules });
}

async function tryNft(namespace: string, args: readonly string[]): Promise<void> {
  await tryCommand(inNamespace(namespace, ['nft', ...args]));
}
