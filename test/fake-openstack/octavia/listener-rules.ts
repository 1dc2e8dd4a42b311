import { isIpv6 } from '../addresses.ts';
import type { Call } from '../http.ts';
import { inPython } from '../fields.ts';
import { octaviaRefusal, validationFailure } from '../refusal.ts';
import type { Octavia } from './context.ts';
import type { ListenerBody, ListenerChanges } from './listener-fields.ts';
import type { Listener, LoadBalancer } from './records.ts';

/** What Octavia checks of a listener beyond its types, in Octavia's order. */
export function checkNewListener(
  octavia: Octavia,
  call: Call,
  { balancer, body }: { readonly balancer: LoadBalancer; readonly body: ListenerBody },
): void {
  const protocol = body.protocol ?? '';
  checkHeaders(body.insert_headers, protocol);
  const refs = certificateRefs(body);
  checkCertificateUse(protocol, refs.length > 0 || body.client_ca_tls_container_ref != null);
  if (protocol === 'TERMINATED_HTTPS' && refs.length === 0)
    throw validationFailure(
      'An SNI or default certificate container reference must be provided for TERMINATED_HTTPS protocol listeners.',
    );
  checkSecrets(octavia, call, balancer, refs);
  const sameSlot = octavia.tables.listener
    .find('loadbalancer_id', balancer.id)
    .find((one) => one.protocol_port === body.protocol_port && layer4(one.protocol) === layer4(protocol));
  if (sameSlot !== undefined)
    throw octaviaRefusal(
      409,
      `Another Listener on this Load Balancer is already using protocol ${sameSlot.protocol} and protocol_port ${body.protocol_port}`,
    );
  checkCidrs(body.allowed_cidrs, balancer);
}

export function checkListenerChanges(
  octavia: Octavia,
  call: Call,
  of: { readonly balancer: LoadBalancer; readonly listener: Listener; readonly body: ListenerChanges },
): void {
  const { balancer, listener, body } = of;
  const refs = certificateRefs(body);
  checkCertificateUse(listener.protocol, refs.length > 0 || body.client_ca_tls_container_ref != null);
  checkHeaders(body.insert_headers, listener.protocol);
  checkSecrets(octavia, call, balancer, refs);
  checkCidrs(body.allowed_cidrs, balancer);
}

const plainHeaders = ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'];
const tlsHeaders = [
  'X-SSL-Client-Verify',
  'X-SSL-Client-Has-Cert',
  'X-SSL-Client-DN',
  'X-SSL-Client-CN',
  'X-SSL-Issuer',
  'X-SSL-Client-SHA1',
  'X-SSL-Client-Not-Before',
  'X-SSL-Client-Not-After',
];

function checkHeaders(headers: ListenerChanges['insert_headers'], protocol: string): void {
  const names = Object.keys(headers ?? {});
  if (names.length === 0) return;
  if (protocol !== 'HTTP' && protocol !== 'TERMINATED_HTTPS')
    throw octaviaRefusal(400, `insert-headers is not a valid option for a ${protocol} protocol listener.`);
  if (names.some((name) => !plainHeaders.includes(name) && !tlsHeaders.includes(name)))
    throw octaviaRefusal(400, `${inPython(names)} is not a valid option for insert_headers`);
  const ofTls = names.filter((name) => tlsHeaders.includes(name));
  if (protocol === 'HTTP' && ofTls.length > 0)
    throw octaviaRefusal(400, `${inPython(ofTls)} is not a valid option for ${protocol} protocol listener.`);
}

function certificateRefs(body: ListenerChanges): readonly string[] {
  return [
    ...(body.sni_container_refs ?? []),
    ...(body.default_tls_container_ref == null ? [] : [body.default_tls_container_ref]),
  ];
}

function checkCertificateUse(protocol: string, any: boolean): void {
  if (!any || protocol === 'TERMINATED_HTTPS' || protocol === 'PROMETHEUS') return;
  if (protocol === 'UDP' || protocol === 'SCTP')
    throw validationFailure(`${protocol} protocol listener does not support TLS.`);
  throw validationFailure(`Certificate container references are not allowed on ${protocol} protocol listeners.`);
}

/** Octavia cannot tell a missing secret from a foreign or an expired one, nor from a token that Keystone lets it do nothing with. */
function checkSecrets(octavia: Octavia, call: Call, balancer: LoadBalancer, refs: readonly string[]): void {
  if (refs.length === 0) return;
  const refusedToken = call.token.method === 'application_credential' && !octavia.switches.applicationCredentialTls;
  const bad = refs.filter((ref) => refusedToken || !octavia.secrets.usable(ref, balancer.project_id));
  if (bad.length > 0) throw octaviaRefusal(400, `Could not retrieve certificate: ${inPython(bad)}`);
  for (const ref of refs) {
    const why = octavia.secrets.openFor(ref);
    if (why !== undefined)
      throw octaviaRefusal(
        400,
        `The PKCS12 bundle is unreadable. Please check the PKCS12 bundle validity. In addition, make sure it does not require a pass phrase. Error: [${why}]`,
      );
  }
}

function layer4(protocol: string): string {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}

function checkCidrs(cidrs: ListenerChanges['allowed_cidrs'], balancer: LoadBalancer): void {
  const addresses = [balancer.vip_address, ...balancer.additional_vips.map((vip) => vip.ip_address)];
  const foreign = (cidrs ?? []).find((cidr) => !addresses.some((address) => isIpv6(address) === isIpv6(cidr)));
  if (foreign === undefined) return;
  throw validationFailure(`CIDR ${foreign} IP version incompatible with VIP ${balancer.vip_address} IP version.`);
}
