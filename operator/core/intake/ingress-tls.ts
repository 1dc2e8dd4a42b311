import { readHostname, ingressHostname } from '../model/hostname.ts';
import type { IngressSpec } from '../model/ingress-spec.ts';
import type { Problem } from '../model/reason.ts';

/** Whoever asks for TLS does not ask to be served in clear: such a host waits, the others of the Ingress do not. */
export function tlsProblem(hostname: string, { tls }: Pick<IngressSpec, 'tls'>): Problem | undefined {
  const at = tls.findIndex(
    ({ hosts }) => hosts.length === 0 || hosts.some((host) => shareNames(hostname, ingressHostname(host))),
  );
  if (at < 0) return undefined;
  const which = tls[at]?.hosts.length === 0 ? 'has no hosts, so it is about all of them' : 'names this host';
  return {
    reason: 'UnsupportedValue',
    message: `spec.tls[${at}] ${which}. TLS is not served yet, and in clear it is not served either. Take it out of spec.tls to have it served by HTTP.`,
  };
}

/** Whether a request can be to both. Hosts of an Ingress are names, wildcards of one label, or all. */
function shareNames(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [readHostname(a), readHostname(b)];
  if (one.kind === 'every' || other.kind === 'every') return true;
  return isBelow(one, other) || isBelow(other, one);
}

function isBelow(name: ReturnType<typeof readHostname>, wildcard: ReturnType<typeof readHostname>): boolean {
  if (name.kind !== 'exact' || wildcard.kind !== 'oneLabelBelow') return false;
  return name.name.slice(name.name.indexOf('.') + 1) === wildcard.domain;
}
