import { join } from 'node:path';
import { containerdSocket } from './containerd-config.ts';
import type { NodeRecord } from './nodes-record.ts';

export const kubeletConfigFile = (node: NodeRecord): string => join(node.dir, 'kubelet.yaml');
export const podRange = '10.244.0.0/16';
const clusterDns = '10.96.0.10';

/** The kubelet's own file. Everything that a kubelet by default shares with the machine is moved into the node's folder. */
export function kubeletConfig(node: NodeRecord): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    containerRuntimeEndpoint: `unix://${containerdSocket(node)}`,
    podLogsDir: join(node.dir, 'pod-logs'),
    volumePluginDir: join(node.dir, 'kubelet', 'volume-plugins'),
    cgroupDriver: 'cgroupfs',
    cgroupRoot: node.cgroup,
    cgroupsPerQOS: false, // no tree of QoS classes: the machine's cgroups are not all ours to write
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    localStorageCapacityIsolation: false,
    // A machine whose disk is nearly full must not lose pods or images over it.
    evictionHard: Object.fromEntries(
      ['memory.available', 'nodefs.available', 'nodefs.inodesFree', 'imagefs.available', 'imagefs.inodesFree'].map(
        (signal) => [signal, '0%'],
      ),
    ),
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    resolvConf: '',
    clusterDomain: 'cluster.local',
    clusterDNS: [clusterDns],
    nodeStatusUpdateFrequency: '5s',
    serializeImagePulls: false,
    // Its port is reachable in the node's own network only.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
  };
}

export function kubeletCommand(bin: string, node: NodeRecord, kubeconfig: string): readonly string[] {
  return [
    join(bin, 'kubelet'),
    `--config=${kubeletConfigFile(node)}`,
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${node.name}`,
    `--node-ip=${node.ip}`,
    `--root-dir=${join(node.dir, 'kubelet')}`,
    `--cert-dir=${join(node.dir, 'kubelet', 'pki')}`,
  ];
}

export function kubeProxyCommand(bin: string, node: NodeRecord, kubeconfig: string): readonly string[] {
  return [
    join(bin, 'kube-proxy'),
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${node.name}`,
    '--proxy-mode=nftables',
    `--cluster-cidr=${podRange}`,
    // The sizes and times of connection tracking belong to the machine, not to a network namespace.
    '--conntrack-max-per-core=0',
    '--conntrack-tcp-timeout-established=0s',
    '--conntrack-tcp-timeout-close-wait=0s',
    '--healthz-bind-address=0.0.0.0:10256',
    '--metrics-bind-address=127.0.0.1:10249',
  ];
}
