import type { BalancerIntent, RouteIntent, RuleIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { ListenerSpec } from '../model/balancer-spec.ts';
import type { Evidence } from './evidence.ts';

type Family = 'IPv4' | 'IPv6';

export interface FaultInput {
  readonly balancer: BalancerIntent;
  readonly seen: Seen;
  readonly proof: Evidence;
}

/** Why a rule cannot be as its spec says: what its author wrote, or what this load balancer cannot do. */
export function ruleFault(rule: RuleIntent, route: RouteIntent, input: FaultInput): Problem | undefined {
  if (rule.problem !== undefined) return rule.problem;
  if (rule.kind === 'http') return providerFault('http routes', input);
  return familyFault(sourceRangesField(route), rule.allowedCidrs, input.seen) ?? moveFault(rule, route, input);
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

/** undefined: not known yet. */
function vipFamilies({ loadBalancer, resolved }: Seen): ReadonlySet<Family> | undefined {
  if (loadBalancer !== undefined)
    return new Set([loadBalancer.vipAddress, ...loadBalancer.additionalVipAddresses].map(familyOf));
  const { vip, additionalVips } = resolved;
  const additional = additionalVips.flatMap(({ address }) => (address === undefined ? [] : [familyOf(address)]));
  if (vip === undefined || additional.length < additionalVips.length) return undefined;
  return new Set([vip.family, ...additional]);
}

function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** A listener cannot move in place: its port would be closed for whoever uses it. */
function moveFault(
  { protocol, port }: Extract<RuleIntent, { kind: 'l4' }>,
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
