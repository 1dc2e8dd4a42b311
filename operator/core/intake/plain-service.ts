import type { RouteIntent, RuleIntent } from '../model/intents.ts';
import { objectName } from '../model/brand.ts';
import { portRule } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { PlainServiceObject, ServiceObject } from '../model/snapshot.ts';
import { poolIntent } from './pool-intent.ts';
import { common, type RouteInput } from './route-input.ts';

type Input = RouteInput<PlainServiceObject>;

/** A Service that is served as it is → its intent: one rule for each of its ports. */
export function plainServiceIntent(input: Input): RouteIntent {
  const { meta, service } = input.route;
  const ports = input.snapshot.services.get(objectName(meta.namespace, meta.name))?.ports ?? [];
  return {
    ...common(input),
    problem: sourceRangesProblem(service.sourceRanges),
    remarks: [],
    rules: ports.map((port) => portIntent(port, input)),
  };
}

function portIntent({ port, protocol }: ServiceObject['ports'][number], input: Input): RuleIntent {
  const { route, snapshot, balancer } = input;
  const { pool, problem } = poolIntent({
    backends: [{ service: route.meta.name, port, weight: 1, role: 'Active' }],
    namespace: route.meta.namespace,
    kind: protocol,
    own: [],
    defaults: balancer.spec.defaults,
    snapshot,
  });
  const { sourceRanges } = route.service;
  return {
    kind: 'l4',
    name: portRule(protocol, port),
    port,
    protocol,
    http: undefined,
    allowedCidrs: 'cidrs' in sourceRanges ? sourceRanges.cidrs : [],
    connectionLimit: -1,
    timeouts: undefined,
    pool,
    problem,
  };
}

function sourceRangesProblem(ranges: PlainServiceObject['service']['sourceRanges']): Problem | undefined {
  if ('cidrs' in ranges) return undefined;
  return {
    reason: 'Invalid',
    message: `loadBalancerSourceRanges: ${JSON.stringify(ranges.invalid)} is no network. Write it as 192.0.2.0/24 or 2001:db8::/32.`,
  };
}
