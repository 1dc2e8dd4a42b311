import type { Brand, Digest, Uid } from './brand.ts';
import type { PoolProtocol } from './body.ts';
import type { L4Protocol } from './terms.ts';

/** The identity of one Octavia object within its balancer; stands in its tag `octopool.dev/key`. */
export type Key = Brand<string, 'Key'>;

export const loadBalancerKey = 'lb' as Key;

export function httpListenerKey(listener: string): Key {
  return `l7/${listener}` as Key;
}

export function l4ListenerKey(protocol: L4Protocol, port: number): Key {
  return `l4/${portRule(protocol, port)}` as Key;
}

/** Name of the only rule of a ServiceRoute with l4. */
export const l4Rule = 'l4';

/** Name of the rule that one port of a plain Service counts as. */
export function portRule(protocol: L4Protocol, port: number): string {
  return `${protocol.toLowerCase()}-${port}`;
}

/** Name of the only rule of a Service that is served by hostnames. */
export const hostnamesRule = 'http';

/** Names of rules that an L4 listener can serve; its owner is of one kind, so only one of them is meant. */
export function portRules(of: { readonly protocol: L4Protocol; readonly port: number }): readonly string[] {
  return [l4Rule, portRule(of.protocol, of.port)];
}

/** Octavia cannot change a pool's protocol: another protocol is another pool, which is there before the old one goes. */
export function poolKey(owner: Uid, rule: string, protocol: PoolProtocol): Key {
  return `pool/${owner}/${rule}${protocolPart(rule, protocol)}` as Key;
}

/** Nothing for what most rules have. */
function protocolPart(rule: string, protocol: PoolProtocol): string {
  return protocol === (rule === l4Rule ? 'TCP' : 'HTTP') ? '' : `/${protocol.toLowerCase()}`;
}

/** Name of the rule that a listener's defaultBackend counts as; its owner is the balancer. No rule of a route has a dot in its name. */
export function defaultRule(listener: string): string {
  return `default.${listener}`;
}

/** A monitor lives and dies with its pool. */
export function monitorKey(owner: Uid, rule: string, protocol: PoolProtocol): Key {
  return `hm/${owner}/${rule}${protocolPart(rule, protocol)}` as Key;
}

export interface PolicyAddress {
  readonly listener: string;
  readonly owner: Uid;
  readonly rule: string;
  readonly hostname: string;
  /** matchText() of the match. */
  readonly match: string;
  /** Several policies can serve one match; 0 for the first. */
  readonly index: number;
}

/** A policy's key is the proof of a claim: another hostname with the same hash must not be found by trying. 80 bits. */
const matchHashLength = 20;

export function policyKey(address: PolicyAddress, digest: Digest): Key {
  const hash = digest(`${address.hostname} ${address.match}`).slice(0, matchHashLength);
  return `policy/${address.listener}/${address.owner}/${address.rule}/${hash}/${address.index}` as Key;
}

/** A policy's key without its number: what all policies of one match have in common. */
export function policyUnit(key: Key): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** The number at the end of a policy's key. */
export function policyNumber(key: Key): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}

/** What a key says about itself; undefined for a text that no function above makes. */
export type KeyParts =
  | { readonly kind: 'lb' }
  | { readonly kind: 'httpListener'; readonly listener: string }
  | { readonly kind: 'l4Listener'; readonly protocol: L4Protocol; readonly port: number }
  | { readonly kind: 'pool' | 'monitor'; readonly owner: Uid; readonly rule: string }
  | { readonly kind: 'policy'; readonly listener: string; readonly owner: Uid; readonly rule: string };

export function readKey(key: string): KeyParts | undefined {
  const [head, ...rest] = key.split('/');
  const [a, b, c] = rest;
  if (head === 'lb' && rest.length === 0) return { kind: 'lb' };
  if (head === 'l7' && a !== undefined && rest.length === 1) return { kind: 'httpListener', listener: a };
  if (head === 'l4' && a !== undefined && rest.length === 1) return readL4(a);
  if ((head === 'pool' || head === 'hm') && a !== undefined && b !== undefined && rest.length <= 3)
    return { kind: head === 'pool' ? 'pool' : 'monitor', owner: a as Uid, rule: b };
  if (head === 'policy' && a !== undefined && b !== undefined && c !== undefined && rest.length === 5)
    return { kind: 'policy', listener: a, owner: b as Uid, rule: c };
  return undefined;
}

function readL4(text: string): KeyParts | undefined {
  const found = /^(tcp|udp|sctp)-(\d{1,5})$/.exec(text);
  const protocol = l4Protocols.find((one) => one.toLowerCase() === found?.[1]);
  return protocol === undefined ? undefined : { kind: 'l4Listener', protocol, port: Number(found?.[2]) };
}

const l4Protocols: readonly L4Protocol[] = ['TCP', 'UDP', 'SCTP'];
