/*
 * Hostnames as they are compared and kept in keys: a name, `*` for every host, `*.x` for all names below x. The `*.x` of an Ingress
 * stands for names one label below x and no others. That is another hostname, so it has another text: `+.x`, which the allowlist lets
 * no tenant write. People read it as they wrote it.
 */

const oneLabel = '+.';
const anyDepth = '*.';

export type Hostname =
  | { readonly kind: 'every' }
  | { readonly kind: 'exact'; readonly name: string }
  | { readonly kind: 'below' | 'oneLabelBelow'; readonly domain: string };

export function readHostname(hostname: string): Hostname {
  if (hostname === '*') return { kind: 'every' };
  if (hostname.startsWith(anyDepth)) return { kind: 'below', domain: hostname.slice(anyDepth.length) };
  if (hostname.startsWith(oneLabel)) return { kind: 'oneLabelBelow', domain: hostname.slice(oneLabel.length) };
  return { kind: 'exact', name: hostname };
}

/** The host of an Ingress in this form. */
export function ingressHostname(host: string | undefined): string {
  if (host === undefined) return '*';
  return host.startsWith(anyDepth) ? oneLabelBelow(host.slice(anyDepth.length)) : host;
}

export function oneLabelBelow(domain: string): string {
  return `${oneLabel}${domain}`;
}

/** For messages and descriptions. */
export function shownHostname(hostname: string): string {
  return hostname.startsWith(oneLabel) ? `${anyDepth}${hostname.slice(oneLabel.length)}` : hostname;
}
