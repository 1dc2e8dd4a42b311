import { hash } from 'node:crypto';
import type { CloudId, Digest, Instant, IpAddress, ObjectName, Uid } from '../../operator/core/model/brand.ts';
import { balancerName, objectName } from '../../operator/core/model/brand.ts';
import type { Key } from '../../operator/core/model/key.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { BalancerSpec, ListenerSpec } from '../../operator/core/model/balancer-spec.ts';
import type { BackendSpec, MatchSpec, RouteSpec } from '../../operator/core/model/route-spec.ts';
import type {
  BalancerObject,
  EndpointObject,
  NodeObject,
  RouteObject,
  ServiceObject,
  ServiceRouteObject,
  Snapshot,
  Switches,
} from '../../operator/core/model/snapshot.ts';
import type { WantedAction, WantedTree } from '../../operator/core/model/wanted.ts';

/** Small worlds for tests of the pure rooms. */

export const digest: Digest = (text) => hash('sha256', text);
export const instant = (minute: number): Instant => Date.UTC(2026, 10, 22, 10, minute) as Instant;
export const cluster = 'c1c1c1c1-0000-4000-8000-000000000001' as Uid;
export const uidOf = (name: string): Uid => `uid-${name}` as Uid;

const timeouts = { clientData: 50_000, memberConnect: 5_000, memberData: 50_000, tcpInspect: 0 };

export function httpListener(name: string, port: number): ListenerSpec {
  const insertHeaders = ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'];
  const open = { connectionLimit: -1, timeouts, insertHeaders, allowedCidrs: [], defaultBackend: undefined };
  return { name, port, protocol: 'HTTP', ...open };
}

export const noSwitches: Switches = { paused: false, allowDisruptive: false };

export const balancerSpec: BalancerSpec = {
  cloud: { credentialsRef: undefined, cloudName: undefined, region: undefined },
  placement: {
    provider: undefined,
    flavor: undefined,
    availabilityZone: undefined,
    topology: undefined,
    vip: undefined,
    additionalVips: [],
  },
  network: {
    memberSubnet: undefined,
    floatingIP: { mode: undefined, address: undefined, network: undefined, subnet: undefined, reclaimPolicy: 'Delete' },
    qosPolicy: undefined,
  },
  attachment: {
    from: 'All',
    selector: undefined,
    kinds: ['ServiceRoute', 'Service', 'Ingress'],
    undelegated: 'FirstClaim',
    hostnames: [],
    ports: [],
    regexMatches: 'Forbidden',
  },
  listeners: [httpListener('http', 80)],
  defaults: {},
  lifecycle: { deletionPolicy: undefined, deletionProtection: false },
  sync: { interval: 300_000, driftPolicy: 'Repair' },
};

export function balancer(spec: Partial<BalancerSpec> = {}): BalancerObject & { readonly spec: BalancerSpec } {
  return {
    kind: 'SharedBalancer',
    meta: {
      namespace: 'edge',
      name: 'public',
      uid: uidOf('balancer'),
      generation: 1,
      createdAt: instant(0),
      deletedAt: undefined,
      finalizers: ['octopool.dev/balancer'],
    },
    switches: noSwitches,
    spec: { ...balancerSpec, ...spec },
    status: { loadBalancerID: undefined, address: undefined, vipAddress: undefined, conditions: [], raw: {} },
  };
}

export function node(name: string, address: string): NodeObject {
  return { name, uid: uidOf(name), addresses: [address as IpAddress], ready: true, leaving: false, labels: {} };
}

const plainService = {
  trafficPolicy: 'Cluster',
  healthCheckNodePort: undefined,
  publishNotReadyAddresses: false,
  clientAffinity: undefined,
} as const;

export function service(namespace: string, name: string, nodePort: number): readonly [ObjectName, ServiceObject] {
  const ports = [{ name: 'http', port: 80, protocol: 'TCP' as const, nodePort, targetPort: undefined }];
  const [uid, selector] = [uidOf(`${namespace}-${name}`), { app: name }];
  return [objectName(namespace, name), { namespace, name, uid, selector, ports, ...plainService }];
}

export function endpoint(
  name: string,
  address: string,
  of: Partial<Pick<EndpointObject, 'ready' | 'serving' | 'terminating' | 'node'>> = {},
): EndpointObject {
  const ports = [{ name: 'http', protocol: 'TCP' as const, port: 8080 }];
  const { ready = true, serving = ready, terminating = false, node: on } = of;
  return { name, address: address as IpAddress, node: on, ready, serving, terminating, ports };
}

export function route(of: {
  readonly namespace: string;
  readonly name: string;
  readonly spec: RouteSpec | { readonly invalid: { readonly reason: 'Invalid'; readonly message: string } };
  readonly minute?: number;
}): ServiceRouteObject {
  const { namespace, name } = of;
  return {
    kind: 'ServiceRoute',
    meta: {
      namespace,
      name,
      uid: uidOf(`${namespace}-${name}-route`),
      generation: 1,
      createdAt: instant(of.minute ?? 1),
    },
    switches: noSwitches,
    spec: of.spec,
    status: { claims: [], address: undefined, conditions: [], raw: {} },
  };
}

export const everyRequest: MatchSpec = { path: undefined, headers: [], cookies: [], fileTypes: [] };

export function backend(serviceName: string): BackendSpec {
  return { service: serviceName, port: 80, weight: 1, role: 'Active' };
}

export function httpSpec(hostname: string, serviceName: string, paths: readonly string[] = []): RouteSpec {
  const matches = paths.map((value) => ({ ...everyRequest, path: { type: 'PathPrefix' as const, value } }));
  return {
    protocol: {
      kind: 'http',
      listeners: undefined,
      hostnames: [hostname],
      rules: [
        { name: 'all', matches, action: { type: 'Forward', backends: [backend(serviceName)] }, backendPolicy: {} },
      ],
    },
    backendPolicy: {},
  };
}

export function l4Spec(port: number, serviceName: string): RouteSpec {
  return {
    protocol: {
      kind: 'l4',
      port,
      protocol: 'TCP',
      sourceRanges: [],
      connectionLimit: -1,
      timeouts: undefined,
      backends: [backend(serviceName)],
    },
    backendPolicy: {},
  };
}

export function snapshot(of: {
  readonly routes: readonly RouteObject[];
  readonly services?: readonly (readonly [ObjectName, ServiceObject])[];
  readonly endpoints?: Snapshot['endpoints'];
  readonly nodes?: readonly NodeObject[];
  readonly balancer?: BalancerObject;
}): Snapshot {
  return {
    cluster,
    name: balancerName('edge', 'public'),
    balancer: of.balancer ?? balancer(),
    routes: of.routes,
    namespaces: new Map(),
    services: new Map(of.services ?? []),
    endpoints: of.endpoints ?? new Map(),
    nodes: of.nodes ?? [node('n1', '10.0.0.1'), node('n2', '10.0.0.2')],
  };
}

export const nothingSeen: Seen = {
  loadBalancer: undefined,
  surplus: [],
  listeners: [],
  pools: [],
  monitors: [],
  policies: [],
  vipPort: undefined,
  floatingIP: undefined,
  topology: undefined,
  resolved: {
    problem: undefined,
    flavorId: undefined,
    vip: { networkId: 'net' as CloudId, subnetId: 'sub' as CloudId, givenPortId: undefined, family: 'IPv4' },
    memberCidr: '10.0.0.0/16',
    memberSubnetId: undefined,
    qosPolicyId: undefined,
    additionalVips: [],
    floating: { networkId: 'ext' as CloudId, subnetId: undefined },
    existingFloatingIpId: undefined,
  },
};

/** What a cloud that did everything as asked would show. */
export function programmed(wanted: WantedTree): Seen {
  const times = { createdAt: instant(0), updatedAt: instant(0) };
  const active = { provisioningStatus: 'ACTIVE', operatingStatus: 'ONLINE', ...times } as const;
  const { loadBalancer } = wanted;
  return {
    ...nothingSeen,
    loadBalancer:
      loadBalancer === undefined
        ? undefined
        : {
            id: id('lb'),
            ...active,
            name: loadBalancer.name,
            description: loadBalancer.description,
            tags: loadBalancer.tags,
            vipAddress: '10.0.9.9' as IpAddress,
            vipPortId: id('port'),
            vipSubnetId: id('sub'),
            additionalVipAddresses: [],
            qosPolicyId: loadBalancer.qosPolicyId,
            flavorId: loadBalancer.flavorId,
            availabilityZone: loadBalancer.availabilityZone,
            provider: 'amphora',
            foreignCluster: undefined,
          },
    vipPort: { id: id('port'), ours: true, outlives: true, addresses: ['10.0.9.9' as IpAddress] },
    floatingIP: { id: id('fip'), address: '198.51.100.7' as IpAddress, ours: true, portId: id('port') },
    listeners: wanted.listeners.map(({ key, defaultPool, ...body }) => ({
      ...body,
      ...active,
      id: id(key),
      defaultPoolId: defaultPool === undefined ? undefined : id(defaultPool),
    })),
    pools: wanted.pools.map(({ key, members, ...body }) => ({
      ...body,
      ...active,
      id: id(key),
      membersKnown: true,
      members: members.map((member) => ({ ...member, ...active, id: id(`${key} ${member.address} ${member.port}`) })),
    })),
    monitors: wanted.monitors.map(({ key, pool, ...body }) => ({ ...body, ...active, id: id(key), poolId: id(pool) })),
    policies: wanted.policies.map(({ key, listener, action, rules, ...body }, at) => ({
      ...body,
      ...active,
      id: id(key),
      listenerId: id(listener),
      ...seenAction(action, id),
      position: at + 1,
      enabled: true,
      ruleIds: rules.map((_, n) => id(`${key} ${n}`)),
      rules: rules.map((rule, n) => ({ ...rule, provisioningStatus: 'ACTIVE' as const, id: id(`${key} ${n}`) })),
    })),
  };
}

/** An action as Octavia shows it. */
export function seenAction(action: WantedAction, poolId: (key: Key) => CloudId) {
  const none = {
    redirectPoolId: undefined,
    redirectUrl: undefined,
    redirectPrefix: undefined,
    redirectCode: undefined,
  };
  switch (action.type) {
    case 'Forward':
      return { ...none, action: 'REDIRECT_TO_POOL', redirectPoolId: poolId(action.pool) };
    case 'Reject':
      return { ...none, action: 'REJECT' };
    case 'Redirect':
      return 'url' in action
        ? { ...none, action: 'REDIRECT_TO_URL', redirectUrl: action.url, redirectCode: action.code }
        : { ...none, action: 'REDIRECT_PREFIX', redirectPrefix: action.prefix, redirectCode: action.code };
  }
}

function id(key: string): CloudId {
  return `id:${key}` as CloudId;
}
