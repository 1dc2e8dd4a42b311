import { claim } from '../../operator/core/claim/claim.ts';
import { diff } from '../../operator/core/diff/diff.ts';
import { guard } from '../../operator/core/guard/guard.ts';
import { intake } from '../../operator/core/intake/intake.ts';
import type { Instant, ObjectName } from '../../operator/core/model/brand.ts';
import type { BalancerSpec } from '../../operator/core/model/balancer-spec.ts';
import type { Operation } from '../../operator/core/model/plan.ts';
import type { BackendPolicySpec, BackendSpec, RouteSpec } from '../../operator/core/model/route-spec.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type {
  BalancerObject,
  EndpointObject,
  NodeObject,
  ServiceObject,
  Snapshot,
} from '../../operator/core/model/snapshot.ts';
import type { WantedMember } from '../../operator/core/model/wanted.ts';
import { translate } from '../../operator/core/translate/translate.ts';
import { balancer, digest, node, nothingSeen, route, service, snapshot } from './core-fixtures.ts';

/** Worlds about backends: what one pass decides about the members of one route or listener. */

const start = Date.UTC(2026, 10, 22, 10, 0) as Instant;
export const after = (seconds: number): Instant => (start + seconds * 1000) as Instant;

export function decide(world: Snapshot, seen: Seen = nothingSeen, now: Instant = start) {
  const intents = intake(world, world.balancer as BalancerObject & { readonly spec: BalancerSpec }, digest);
  const claims = claim({ intents, seen, now, digest });
  const translation = translate({ intents, claims, seen, now, digest });
  return { ...translation, plan: guard(diff(translation.wanted, seen), seen) };
}

export const kinds = (operations: readonly Operation[]): readonly string[] => operations.map(({ kind }) => kind);

/** `n1 10.0.0.1:30001 weight 1`, with what is not usual behind it. */
export function memberLine({ name, address, port, weight, backup, monitorPort }: WantedMember): string {
  return [
    name.replace(/#.*/, ''),
    `${address}:${port}`,
    `weight ${weight}`,
    ...(backup ? ['backup'] : []),
    ...(monitorPort === undefined ? [] : [`monitor ${monitorPort}`]),
  ].join(' ');
}

/** Members of the only pool of the world. */
export function membersOf(world: Snapshot, seen?: Seen, now?: Instant): readonly string[] {
  return decide(world, seen, now).wanted.pools.flatMap(({ members }) => members.map(memberLine));
}

/** What the members of each pool are told to be; other writes by their kind alone. */
export function writes(operations: readonly Operation[]): readonly (string | readonly string[])[] {
  return operations.map((one) => (one.kind === 'replaceMembers' ? one.members.map(memberLine) : one.kind));
}

export interface WorldOptions {
  readonly backends?: readonly Partial<BackendSpec>[];
  readonly policy?: BackendPolicySpec;
  readonly services?: readonly (readonly [ObjectName, ServiceObject])[];
  readonly endpoints?: Readonly<Record<string, readonly EndpointObject[]>>;
  readonly nodes?: readonly NodeObject[];
  readonly protocol?: 'http' | 'TCP' | 'UDP' | 'SCTP';
  readonly spec?: Partial<BalancerSpec>;
}

const twoNodes: readonly NodeObject[] = [node('n1', '10.0.0.1'), node('n2', '10.0.0.2')];

/** One route `a/web` to Services of its namespace; by default to `web` on node port 30001, on two nodes. */
export function world(of: WorldOptions = {}): Snapshot {
  const { backends = [{}], policy = {}, protocol = 'http', nodes = twoNodes } = of;
  const to = backends.map((one): BackendSpec => ({ service: 'web', port: 80, weight: 1, role: 'Active', ...one }));
  return snapshot({
    balancer: balancer(of.spec),
    routes: [
      route({ namespace: 'a', name: 'web', spec: { protocol: routeProtocol(protocol, to), backendPolicy: policy } }),
    ],
    services: of.services ?? [service('a', 'web', 30001)],
    endpoints: new Map(Object.entries(of.endpoints ?? {}).map(([name, list]) => [name as ObjectName, list])),
    nodes,
  });
}

function routeProtocol(
  protocol: 'http' | 'TCP' | 'UDP' | 'SCTP',
  backends: readonly BackendSpec[],
): RouteSpec['protocol'] {
  if (protocol !== 'http')
    return { kind: 'l4', port: 5432, protocol, sourceRanges: [], connectionLimit: -1, timeouts: undefined, backends };
  return {
    kind: 'http',
    listeners: undefined,
    hostnames: ['web.example.com'],
    rules: [{ name: 'all', matches: [], action: { type: 'Forward', backends }, backendPolicy: {} }],
  };
}

export function serviceWith(
  name: string,
  nodePort: number | undefined,
  of: Partial<ServiceObject> = {},
): readonly [ObjectName, ServiceObject] {
  const [key, object] = service('a', name, nodePort ?? 0);
  return [key, { ...object, ports: object.ports.map((port) => ({ ...port, nodePort, ...of.ports?.[0] })), ...of }];
}
