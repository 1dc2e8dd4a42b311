import { join } from 'node:path';
import type { NodeRecord } from './nodes-record.ts';

export const pauseImage = 'octopool.test/pause:1';
const cniPlugins = '/usr/lib/cni'; // where Debian's package puts them
const snapshottersNotHere = ['btrfs', 'zfs', 'devmapper', 'aufs'].map((name) => `io.containerd.snapshotter.v1.${name}`);
const tracing = ['io.containerd.tracing.processor.v1.otlp', 'io.containerd.internal.v1.tracing'];

export const containerdConfigFile = (node: NodeRecord): string => join(node.dir, 'containerd.toml');
export const containerdSocket = (node: NodeRecord): string => join(node.run, 'containerd.sock');
/** Where containerd keeps one folder per running container and sandbox. */
export const tasksDir = (node: NodeRecord): string =>
  join(node.run, 'containerd', 'io.containerd.runtime.v2.task', 'k8s.io');
export const cniConfigDir = (node: NodeRecord): string => join(node.dir, 'cni');

/**
 * containerd's own file (TOML). A containerd per node: kubelets that share one would each delete the other's pods as
 * orphans. Strings are written as JSON, which TOML reads alike.
 */
export function containerdConfig(node: NodeRecord): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const text = JSON.stringify;
  return `version = 2
root = ${text(join(node.dir, 'containerd'))}
state = ${text(join(node.run, 'containerd'))}
disabled_plugins = ${text([...snapshottersNotHere, ...tracing])}
[grpc]
  address = ${text(containerdSocket(node))}
[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(node.dir, 'opt'))}
[${cri}]
  sandbox_image = ${text(pauseImage)}
  disable_apparmor = true
  # Machines without CAP_SYS_RESOURCE refuse the sandbox's score of -998, and runc then dies without saying why.
  restrict_oom_score_adj = true
  # The pods' network namespaces become mounts in a folder of ours: whoever unmounts that folder has found them all.
  netns_mounts_under_state_dir = true
  [${cri}.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [${cri}.containerd.runtimes.runc.options]
    Root = ${text(join(node.run, 'runc'))}
    SystemdCgroup = false
  [${cri}.cni]
    bin_dir = ${text(cniPlugins)}
    conf_dir = ${text(cniConfigDir(node))}
`;
}

/** The pods' network: a routed point-to-point link per pod, no bridge, so that no bridge setting of the host matters. */
export function cniConfig(node: NodeRecord, network: string): unknown {
  const ipam = {
    type: 'host-local',
    dataDir: join(node.run, 'ipam'),
    ranges: [[{ subnet: node.podCidr }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  return { cniVersion: '0.4.0', name: network, plugins: [{ type: 'ptp', ipMasq: false, ipam }] };
}
