import { dedicatedBalancer } from '../../operator/core/intake/dedicated.ts';
import { intake } from '../../operator/core/intake/intake.ts';
import { placeOf } from '../../operator/core/intake/place.ts';
import { dedicatedName, objectName } from '../../operator/core/model/brand.ts';
import type { BalancerSpec } from '../../operator/core/model/balancer-spec.ts';
import type { RouteIntent } from '../../operator/core/model/intents.ts';
import type { Problem } from '../../operator/core/model/reason.ts';
import { serviceEntry } from '../../operator/kube/service-entry.ts';
import { ownClassesOnly } from './attached-inputs.ts';
import { balancer, digest, node, snapshot } from './core-fixtures.ts';

export type Column = 'dedicated' | 'pooled';

/** What a Service becomes, as far as its annotations can change it. */
export interface Became {
  readonly problem: string | undefined;
  readonly remarks: readonly string[];
  readonly reach: RouteIntent['reach'];
  readonly rules: RouteIntent['rules'];
  readonly switches: RouteIntent['switches'];
  /** Of the load balancer as a whole, where it is the Service's own. */
  readonly balancer: Pick<BalancerSpec, 'placement' | 'network'> | undefined;
  readonly fault: string | undefined;
}

export interface AnnotatedService {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Of the SharedBalancer. */
  readonly shared?: Partial<BalancerSpec>;
  /** The SharedBalancer's, as its status says. */
  readonly loadBalancerID?: string;
}

const ports = [
  { name: 'http', port: 80, protocol: 'TCP', nodePort: 30080 },
  { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30053 },
];

const nodes = [
  node('n1', '10.0.0.1'),
  { ...node('n2', '10.0.0.2'), labels: { edge: 'yes', ssd: 'big' } },
  { ...node('n3', '10.0.0.3'), labels: { edge: 'no', ssd: 'big' } },
];

/** The same Service with a load balancer of its own or on edge/public. */
export function became(column: Column, of: AnnotatedService): Became {
  const { annotations, spec = {}, shared = {}, loadBalancerID } = of;
  const named = column === 'pooled' ? { 'octopool.dev/balancer': 'edge/public' } : {};
  const entry = serviceEntry(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'team-a',
        uid: 'web',
        resourceVersion: '1',
        creationTimestamp: '2026-11-22T10:00:00Z',
        annotations: { ...named, ...annotations },
      },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: column === 'pooled' ? 'octopool.dev/shared' : 'octopool.dev/dedicated',
        ports,
        ...spec,
      },
    },
    (service) => placeOf(service, ownClassesOnly),
  );
  const { plain, service } = entry;
  if (plain === undefined) throw new Error('such a Service is nobody of ours');
  const given = balancer(shared);
  const its =
    column === 'dedicated'
      ? dedicatedBalancer(plain, undefined)
      : { ...given, status: { ...given.status, loadBalancerID } };
  const world = {
    ...snapshot({ routes: [plain], services: [[objectName('team-a', 'web'), service]], balancer: its, nodes }),
    ...(column === 'dedicated' ? { name: dedicatedName('team-a', 'web') } : {}),
  };
  const [route] = intake(world, its, digest).routes;
  if (route === undefined) throw new Error('every input has an intent');
  const { placement, network } = its.spec;
  return {
    problem: text(route.problem),
    remarks: route.remarks.map((remark) => text(remark) ?? ''),
    reach: route.reach,
    rules: route.rules,
    switches: route.switches,
    balancer: column === 'dedicated' ? { placement, network } : undefined,
    fault: text(its.fault),
  };
}

function text(problem: Problem | undefined): string | undefined {
  return problem === undefined ? undefined : `${problem.reason}: ${problem.message}`;
}
