import { join } from 'node:path';

/** What the programs of one control plane need to know of each other. */
export type Layout = {
  readonly bin: string;
  readonly dir: string;
  readonly etcdPort: number;
  readonly apiPort: number;
  /** `objects`: nodes are objects that a test writes. `real`: kubelets in network namespaces. */
  readonly nodes: 'objects' | 'real';
  readonly controllers: 'few' | 'all';
  readonly auditLog: 'off' | 'on';
};

// node-lifecycle-controller is left out on purpose: it would taint Nodes that nobody heartbeats.
const fewControllers = [
  'serviceaccount-controller',
  'root-ca-certificate-publisher-controller',
  'namespace-controller',
  'garbage-collector-controller',
  'endpointslice-controller',
  'endpoints-controller',
  'clusterrole-aggregation-controller',
  'validatingadmissionpolicy-status-controller',
  'deployment-controller',
  'replicaset-controller',
];

// What a cloud's own controller manager would do: nodes bring their pod range, and routes are made by our scripts.
const allControllers = [
  '*',
  '-node-ipam-controller',
  '-node-route-controller',
  '-cloud-node-lifecycle-controller',
  '-service-lb-controller',
];

export const keysDir = (dir: string): string => join(dir, 'keys');
export const egressSocket = (dir: string): string => join(dir, 'egress.sock');
export const egressConfigFile = (dir: string): string => join(dir, 'egress.yaml');
export const auditPolicyFile = (dir: string): string => join(dir, 'audit-policy.yaml');
export const auditLogFile = (dir: string): string => join(dir, 'audit.log');

export function etcdCommand({ bin, dir, etcdPort }: Layout): readonly string[] {
  const client = `http://127.0.0.1:${etcdPort}`;
  const peer = 'http://127.0.0.1:0'; // it has no peers; port 0 cannot clash
  return [
    join(bin, 'etcd'),
    '--name=test',
    `--data-dir=${join(dir, 'etcd')}`,
    '--unsafe-no-fsync', // safe against a killed etcd, not against a power cut: enough here, and a second faster
    '--log-level=warn',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=test=${peer}`,
  ];
}

export function apiserverCommand(layout: Layout): readonly string[] {
  const { bin, dir, etcdPort, apiPort } = layout;
  const keys = keysDir(dir);
  return [
    join(bin, 'kube-apiserver'),
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none', // 127.0.0.1 is no valid endpoint: it would log errors for ever
    `--tls-cert-file=${join(keys, 'apiserver.crt')}`,
    `--tls-private-key-file=${join(keys, 'apiserver.key')}`,
    `--client-ca-file=${join(keys, 'ca.crt')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-signing-key-file=${join(keys, 'sa.key')}`,
    `--service-account-key-file=${join(keys, 'sa.pub')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    `--cert-dir=${join(dir, 'apiserver')}`,
    '--allow-privileged=true',
    ...(layout.auditLog === 'on' ? auditFlags(dir) : []),
    ...(layout.nodes === 'real' ? realNodeFlags(dir) : []),
  ];
}

export function controllerManagerCommand(layout: Layout): readonly string[] {
  const { bin, dir } = layout;
  const controllers = layout.controllers === 'all' ? allControllers : fewControllers;
  return [
    join(bin, 'kube-controller-manager'),
    `--kubeconfig=${join(dir, 'kube-controller-manager.kubeconfig')}`,
    '--leader-elect=false',
    '--secure-port=0',
    `--service-account-private-key-file=${join(keysDir(dir), 'sa.key')}`,
    `--root-ca-file=${join(keysDir(dir), 'ca.crt')}`,
    '--use-service-account-credentials=true', // without it every controller is forbidden its work
    `--controllers=${controllers.join(',')}`,
    ...(layout.nodes === 'real' ? ['--node-monitor-grace-period=20s'] : []), // a dead node shows sooner than in 50 s
  ];
}

export function schedulerCommand({ bin, dir }: Layout): readonly string[] {
  const kubeconfig = join(dir, 'kube-scheduler.kubeconfig');
  // The two further kubeconfigs spare it a look for its in-cluster certificates, which it does not have.
  return [
    join(bin, 'kube-scheduler'),
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
}

/** The API server calls kubelets and pods through a socket: they are not reachable from the machine's own network. */
export function egressConfig(dir: string): unknown {
  const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: egressSocket(dir) } } };
  return {
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [{ name: 'cluster', connection }],
  };
}

/** One line per answered request, without bodies. */
export const auditPolicy: unknown = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

function auditFlags(dir: string): readonly string[] {
  return [`--audit-policy-file=${auditPolicyFile(dir)}`, `--audit-log-path=${auditLogFile(dir)}`];
}

function realNodeFlags(dir: string): readonly string[] {
  return [
    `--egress-selector-config-file=${egressConfigFile(dir)}`,
    '--kubelet-preferred-address-types=InternalIP', // the default asks for the host name, which nobody can resolve
    '--enable-aggregator-routing=true', // webhooks in pods are called by their own address, not by a ClusterIP
  ];
}
