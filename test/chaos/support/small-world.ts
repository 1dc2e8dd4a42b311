import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import type { Switches } from '../../fake-openstack/switches.ts';
import { type FakeOpenStack, startFakeOpenStack } from '../../fake-openstack/fake-openstack.ts';
import type { LoggedCall } from '../../fake-openstack/calls.ts';
import { isWrite } from '../../fake-openstack/calls.ts';
import type { LoadBalancer } from '../../fake-openstack/octavia/records.ts';
import type { Uid } from '../../../operator/core/model/brand.ts';
import type { KubeObject } from '../../../operator/kube/kube-object.ts';
import { ownClassesOnly } from '../../support/attached-inputs.ts';
import { hostRoute, type Manifest, namespace, nodePortService, sharedBalancer } from '../../support/manifests.ts';
import { MemoryCluster } from '../../support/memory-cluster.ts';
import { SmallOperator, type SmallOperatorOptions } from '../../support/small-operator.ts';

/** A fake cloud, Kubernetes in memory and the operator's loop between them, on one clock that the test moves. */
export interface SmallWorld {
  readonly fake: FakeOpenStack;
  readonly cluster: MemoryCluster;
  readonly operator: SmallOperator;
  /** The process dies and another one starts, with other flags if that is said: whatever was in memory is gone. */
  restart(flags?: Flags): Promise<void>;
  /** The operator's clouds.yaml is written anew, with the passwords of now. */
  rotateCredentials(): void;
  /** What the operator sent since the last look, token requests left out. */
  calls(): readonly LoggedCall[];
  /** The SharedBalancer edge/public, and route shop-N of team-a, as Kubernetes has them now. */
  balancer(): KubeObject | undefined;
  route(number: number): KubeObject | undefined;
  /** The one load balancer that there is. */
  loadBalancer(): LoadBalancer;
  /** Brings up the balancer with so many shops; what that took is forgotten. */
  bringUp(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Of the operator. */
export type Flags = Pick<SmallOperatorOptions, 'nodeSecurityGroup' | 'nodeFloatingIPs' | 'placePolicy'>;

export interface SmallWorldOptions {
  readonly flags?: Flags;
  readonly switches?: Partial<Switches>;
  readonly user?: string;
  readonly nodes?: number;
  /** Milliseconds, of real time: how long an answer of the cloud is waited for. */
  readonly deadlineMs?: number;
  /** A cluster beside another in one project of one cloud. */
  readonly beside?: { readonly fake: FakeOpenStack; readonly uid: Uid };
}

const firstAddress = 11;

export async function smallWorld({
  switches,
  user = 'tenant-a',
  nodes = 2,
  deadlineMs,
  flags: firstFlags = {},
  beside,
}: SmallWorldOptions = {}): Promise<SmallWorld> {
  const fake =
    beside?.fake ?? (await startFakeOpenStack({ clock: 'stepped', ...(switches === undefined ? {} : { switches }) }));
  const now = (): number => fake.world.clock.now();
  const cluster = new MemoryCluster(now, firstFlags.placePolicy, beside?.uid);
  const first = beside === undefined ? firstAddress : firstAddress + 100;
  const addresses = Array.from({ length: nodes }, (_, at) => `10.10.0.${first + at}`);
  fake.do({ do: 'node-ports', project: 'tenant-a', addresses });
  cluster.apply(...addresses.map((address, at) => node(`node-${at + 1}`, address)));
  let text = fake.cloudsYaml;
  const start = (flags: Flags): SmallOperator =>
    new SmallOperator({
      ...flags,
      cluster,
      credentials: async () => parseCloudsYaml(text, user),
      now,
      advance: (ms) => fake.advance(ms),
      deadlineMs,
    });
  let operator = start(firstFlags);
  let seen = 0;
  return {
    fake,
    cluster,
    get operator() {
      return operator;
    },
    restart: async (flags = firstFlags) => {
      await operator.close();
      cluster.policy = flags.placePolicy ?? ownClassesOnly;
      operator = start(flags);
    },
    rotateCredentials: () => {
      text = fake.cloudsYaml;
    },
    calls: () => {
      const since = fake.calls.slice(seen).filter(({ service }) => service !== 'keystone');
      seen = fake.calls.length;
      return since;
    },
    balancer: () => cluster.get('SharedBalancer', 'edge', 'public'),
    route: (number) => cluster.get('ServiceRoute', 'team-a', `shop-${number}`),
    loadBalancer: () => {
      const [one] = fake.world.octavia.tables.loadbalancer.all();
      if (one === undefined) throw new Error('there is no load balancer');
      return one;
    },
    bringUp: async (count) => {
      cluster.apply(...publicBalancer(), ...shops(count));
      await operator.settle();
      seen = fake.calls.length;
    },
    close: async () => {
      await operator.close();
      if (beside === undefined) await fake.stop();
    },
  };
}

export function node(name: string, address: string): Manifest {
  return {
    kind: 'Node',
    metadata: { name },
    status: {
      addresses: [{ type: 'InternalIP', address }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** Hosts `shop-1.example.com` and so on, each with a Service and a route in namespace team-a. */
export function shops(count: number): readonly Manifest[] {
  return Array.from({ length: count }, (_, at) => shop(at + 1)).flat();
}

export function shop(number: number): readonly Manifest[] {
  const name = `shop-${number}`;
  const of = { name, namespace: 'team-a' };
  const balancer = { balancer: 'public', balancerNamespace: 'edge' };
  return [
    nodePortService({ ...of, nodePort: 30_000 + number }),
    hostRoute({ ...of, host: `${name}.example.com`, service: name, ...balancer }),
  ];
}

export function publicBalancer(spec: Manifest = {}): readonly Manifest[] {
  return [namespace('edge'), namespace('team-a'), sharedBalancer({ namespace: 'edge', name: 'public', spec })];
}

/** `POST /lbaas/pools` and so on, ids left out. */
export function writesOf(calls: readonly LoggedCall[]): readonly string[] {
  return calls.filter(isWrite).map(({ method, path }) => `${method} ${shape(path)}`);
}

export function octaviaWrites(calls: readonly LoggedCall[]): readonly string[] {
  return writesOf(calls.filter(({ service }) => service === 'octavia'));
}

function shape(path: string): string {
  return path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}').replace(/^\/v2(\.0)?(\/lbaas)?/, '');
}

/** `Ready=False CloudQuotaExceeded`, of one condition of an object. */
export function condition(object: KubeObject | undefined, type: string): string | undefined {
  const status = object?.['status'] as { readonly conditions?: readonly Record<string, string>[] } | undefined;
  const found = status?.conditions?.find((one) => one['type'] === type);
  return found === undefined ? undefined : `${found['status']} ${found['reason']}`;
}

export function messageOf(object: KubeObject | undefined, type: string): string {
  const status = object?.['status'] as { readonly conditions?: readonly Record<string, string>[] } | undefined;
  return status?.conditions?.find((one) => one['type'] === type)?.['message'] ?? '';
}
