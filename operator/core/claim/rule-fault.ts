import { familyOf } from '../model/address-family.ts';
import type { BalancerIntent, RouteIntent, RuleIntent } from '../model/intents.ts';
import { l4ListenerKey } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { ListenerSpec } from '../model/balancer-spec.ts';
import type { Evidence } from './evidence.ts';
import { memberFamilies, vipFamilies } from './families.ts';

export interface FaultInput {
  readonly balancer: BalancerIntent;
  readonly seen: Seen;
  readonly proof: Evidence;
}

type L4Rule = Extract<RuleIntent, { kind: 'l4' }>;

/** Why a rule cannot be as its spec says: what its author wrote, or what this load balancer cannot do. */
export function ruleFault(rule: RuleIntent, route: RouteIntent, input: FaultInput): Problem | undefined {
  if (rule.problem !== undefined) return rule.problem;
  if (rule.kind === 'http') return providerFault('http routes', input);
  return (
    (rule.http === undefined ? undefined : providerFault(`HTTP on port ${rule.port}`, input)) ??
    familyFault(sourceRangesField(route), rule.allowedCidrs, input.seen) ??
    datagramFault(rule, input) ??
    moveFault(rule, route, input) ??
    protocolFault(rule, route, input)
  );
}

function sourceRangesField({ source }: RouteIntent): string {
  return source.kind === 'Service' ? 'spec.loadBalancerSourceRanges' : 'l4.sourceRanges';
}

/** Why a listener of the balancer's spec cannot be. */
export function listenerFault(
  { name, allowedCidrs }: ListenerSpec,
  input: Omit<FaultInput, 'proof'>,
): Problem | undefined {
  return (
    providerFault(`listener ${name}`, input) ?? familyFault(`listeners[${name}].allowedCIDRs`, allowedCidrs, input.seen)
  );
}

/** OVN balances packets; it does not look into HTTP. */
function providerFault(what: string, { balancer, seen }: Omit<FaultInput, 'proof'>): Problem | undefined {
  const provider = seen.loadBalancer?.provider ?? balancer.spec.placement.provider;
  if (provider !== 'ovn') return undefined;
  return {
    reason: 'UnsupportedByProvider',
    message: `Provider ovn has no HTTP, so ${what} cannot be served. Use l4, or a balancer of another provider.`,
  };
}

/** Octavia refuses a CIDR of a family that no address of the balancer has. */
function familyFault(field: string, cidrs: readonly string[], seen: Seen): Problem | undefined {
  const families = vipFamilies(seen);
  const odd = families === undefined ? undefined : cidrs.find((cidr) => !families.has(familyOf(cidr)));
  if (odd === undefined) return undefined;
  return {
    reason: 'Invalid',
    message: `${field}: ${odd} is ${familyOf(odd)} and the balancer has no ${familyOf(odd)} address. Remove it.`,
  };
}

/** UDP and SCTP are passed on in the kernel, where an address is not made one of the other family. */
function datagramFault({ protocol, port, pool }: L4Rule, { balancer, seen }: FaultInput): Problem | undefined {
  const families = protocol === 'TCP' ? undefined : vipFamilies(seen);
  const odd =
    families === undefined ? undefined : [...memberFamilies(pool, balancer)].find((one) => !families.has(one));
  if (odd === undefined) return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `Port ${protocol} ${port}: its members have ${odd} addresses and the balancer has none, and Octavia passes ${protocol} on within one family only. Use a balancer with an ${odd} address.`,
  };
}

/** A listener cannot move in place: its port would be closed for whoever uses it. */
function moveFault(
  { protocol, port }: L4Rule,
  { source, switches }: RouteIntent,
  { balancer, proof }: FaultInput,
): Problem | undefined {
  // each port of a Service is a rule of its own: one that it lists no more is one that it gave up
  if (source.kind === 'Service' || switches.allowDisruptive || balancer.switches.allowDisruptive) return undefined;
  const standing = proof.portsOf(source.uid);
  const [old] = standing;
  if (old === undefined || standing.some((one) => one.protocol === protocol && one.port === port)) return undefined;
  return {
    reason: 'DisruptiveChange',
    message: `The route serves ${old.protocol} ${old.port} and a change to ${protocol} ${port} closes that port. Annotate it with octopool.dev/allow-disruptive: "true", or make a second route.`,
  };
}

/** Packets as they are, or HTTP: Octavia cannot turn one listener into the other. */
function protocolFault(
  { protocol, port, http }: L4Rule,
  { source, switches }: RouteIntent,
  { balancer, seen }: FaultInput,
): Problem | undefined {
  if (switches.allowDisruptive || balancer.switches.allowDisruptive) return undefined;
  const key = l4ListenerKey(protocol, port);
  const there = seen.listeners.find(({ tags }) => tags?.key === key && tags.owner === source.uid);
  const wanted = http === undefined ? protocol : 'HTTP';
  if (there === undefined || there.protocol === wanted) return undefined;
  return {
    reason: 'DisruptiveChange',
    message: `Port ${port} is served by ${there.protocol}, and to serve it by ${wanted} closes it for seconds. Annotate the ${source.kind} with octopool.dev/allow-disruptive: "true", or make a second one.`,
  };
}
