import { entriesOf, type Mistake } from './mistake.ts';

const uuid = '0c9d0000-0000-4000-8000-0000000000aa';
const policy = (backendPolicy: unknown) => ({ defaults: { backendPolicy } });
const monitor = (healthMonitor: unknown) => policy({ healthMonitor });
const listener = (more: object) => ({ listeners: [{ name: 'a', port: 80, protocol: 'HTTP', ...more }] });
const placement = (given: object) => ({ placement: given });
const selecting = (requirement: object) => ({
  attachment: { from: 'Selector', selector: { matchExpressions: [requirement] } },
});
const cidrMessage =
  'must be an IPv4 or IPv6 network, such as 192.0.2.0/24 or 2001:db8::/32; a single address ends in /32 or /128';
const subnetMessage = 'two addresses of vip and additionalVIPs are in the same subnet; give each a subnet of its own';
const valuesMessage = 'values are required for operator In and NotIn and allowed only there';

/** Mistakes in a SharedBalancer, in the order of its fields. */
export const balancerMistakes: readonly Mistake[] = entriesOf<Mistake>('SharedBalancer', [
  {
    what: 'a Secret with a name that no Secret has',
    spec: { cloud: { credentialsRef: { name: 'Open_Stack' } } },
    message: "must be a name of lower-case letters, digits, '-' and '.', first and last a letter or digit",
  },
  {
    what: 'a reference by id and name',
    spec: placement({ flavor: { id: uuid, name: 'ha' } }),
    message: 'set exactly one of id, name',
  },
  {
    what: 'a name where a UUID belongs',
    spec: placement({ flavor: { id: 'ha-medium' } }),
    message: 'must be a UUID, such as 0c9d0000-0000-4000-8000-0000000000aa; use name for a name',
  },
  {
    what: 'a VIP both in a subnet and on a network',
    spec: placement({ vip: { subnet: { name: 'a' }, network: { name: 'b' } } }),
    message: 'set exactly one of subnet, network, port',
  },
  {
    what: 'an address for a port that has one',
    spec: placement({ vip: { port: { name: 'a' }, address: '10.0.0.1' } }),
    message: 'address cannot be combined with port; the port has its address already',
  },
  {
    what: 'an address that is none',
    spec: placement({ vip: { subnet: { name: 'a' }, address: '10.0.0.256' } }),
    message: 'must be an IPv4 or IPv6 address, such as 10.20.0.10 or 2001:db8::10',
  },
  {
    what: 'an address of IPv4 behind a prefix of IPv6',
    spec: placement({ vip: { subnet: { name: 'a' }, address: '64:ff9b::192.0.2.1' } }),
    message: 'must be an IPv4 or IPv6 address, such as 10.20.0.10 or 2001:db8::10',
  },
  {
    what: 'two additional VIPs in one subnet',
    spec: placement({ additionalVIPs: [{ subnet: { name: 'a' } }, { subnet: { name: 'a' }, address: '10.0.0.9' }] }),
    message: subnetMessage,
  },
  {
    what: 'an additional VIP in the subnet of the VIP',
    spec: placement({ vip: { subnet: { id: uuid } }, additionalVIPs: [{ subnet: { id: uuid } }] }),
    message: subnetMessage,
  },
  {
    what: 'an existing floating IP without its address',
    spec: { network: { floatingIP: { mode: 'Existing' } } },
    message: 'address is required for mode Existing and allowed only there',
  },
  {
    what: 'a floating IP of IPv6',
    spec: { network: { floatingIP: { mode: 'Existing', address: '2001:db8::1' } } },
    message: 'must be an IPv4 address, such as 198.51.100.7',
  },
  {
    what: 'admission by label without a selector',
    spec: { attachment: { from: 'Selector' } },
    message: 'selector is required for from Selector and allowed only there',
  },
  {
    what: 'a label that is in no values',
    spec: selecting({ key: 'tier', operator: 'In' }),
    message: valuesMessage,
  },
  {
    what: 'values of a label that must not exist',
    spec: selecting({ key: 'tier', operator: 'DoesNotExist', values: ['gold'] }),
    message: valuesMessage,
  },
  {
    what: 'a delegated pattern with a star in its middle',
    spec: { attachment: { hostnames: [{ pattern: 'a.*.example.com', namespaces: ['team-a'] }] } },
    message:
      'must be a DNS name in lower case with at least one dot, such as shop.example.com, the same after *., or * alone; no port or scheme',
  },
  {
    what: 'a delegation to what is no namespace',
    spec: { attachment: { hostnames: [{ pattern: '*', namespaces: ['team.a'] }] } },
    message: "must be a DNS label of at most 63 characters: lower-case letters, digits and '-', first and last not '-'",
  },
  {
    what: 'a range of ports that ends before it starts',
    spec: { attachment: { ports: [{ start: 31000, end: 30000, namespaces: ['team-a'] }] } },
    message: 'start must not be above end; exchange them',
  },
  {
    what: 'two listeners on one port',
    spec: {
      listeners: [
        { name: 'a', port: 80, protocol: 'HTTP' },
        { name: 'b', port: 80, protocol: 'Prometheus' },
      ],
    },
    message: 'two listeners use the same port; give one another port',
  },
  {
    what: 'a listener with a name that is none',
    spec: listener({ name: 'A' }),
    message: "must be a DNS label of at most 40 characters: lower-case letters, digits and '-', first and last not '-'",
  },
  {
    what: 'a connection limit of none at all',
    spec: listener({ connectionLimit: 0 }),
    message: 'connectionLimit is -1 (no limit) or at least 1',
  },
  {
    what: 'a timeout without unit',
    spec: listener({ timeouts: { clientData: '50' } }),
    message: 'must be a duration from 1ms to 576h, such as 50s, 1m30s or 500ms',
  },
  {
    what: 'an inspection of more than 24 days',
    spec: listener({ timeouts: { tcpInspect: '577h' } }),
    message: 'must be a duration from 0s to 576h, such as 50s, 1m30s or 500ms',
  },
  { what: 'a network that is an address', spec: listener({ allowedCIDRs: ['10.0.0.1'] }), message: cidrMessage },
  { what: 'a network with too long a prefix', spec: listener({ allowedCIDRs: ['::/129'] }), message: cidrMessage },
  {
    what: 'IPv4 behind a prefix of IPv6',
    spec: listener({ allowedCIDRs: ['64:ff9b::192.0.2.0/120'] }),
    message: cidrMessage,
  },
  { what: 'IPv4 inside IPv6', spec: listener({ allowedCIDRs: ['::ffff:10.0.0.0/104'] }), message: cidrMessage },
  {
    what: 'headers from a metrics listener',
    spec: listener({ protocol: 'Prometheus', insertHeaders: ['X-Forwarded-For'] }),
    message: 'insertHeaders belong to protocol HTTP; remove them from the Prometheus listener',
  },
  {
    what: 'a backend behind a metrics listener',
    spec: listener({ protocol: 'Prometheus', defaultBackend: { service: 'landing', port: 80 } }),
    message: 'defaultBackend belongs to protocol HTTP; remove it from the Prometheus listener',
  },
  {
    what: 'a default backend at port 0',
    spec: listener({ defaultBackend: { service: 'landing', port: 0 } }),
    message: 'port is a number from 1 to 65535 or the name of a port of the Service, such as http',
  },
  {
    what: 'a selector of nodes where Pods are members',
    spec: policy({ targetType: 'PodIP', nodeSelector: { matchLabels: { edge: '' } } }),
    message: 'nodeSelector belongs to targetType NodePort; remove it or set that targetType',
  },
  {
    what: 'a cookie without name',
    spec: policy({ sessionPersistence: { type: 'AppCookie' } }),
    message: 'cookieName is required for type AppCookie and allowed only there',
  },
  {
    what: 'a name for a cookie that has one',
    spec: policy({ sessionPersistence: { type: 'HTTPCookie', cookieName: 'SRV' } }),
    message: 'cookieName is required for type AppCookie and allowed only there',
  },
  {
    what: 'a cookie with a blank in its name',
    spec: policy({ sessionPersistence: { type: 'AppCookie', cookieName: 'a b' } }),
    message: "must be a cookie name: letters, digits, '_', '.' and '-', first not '.' or '-', at most 64 characters",
  },
  {
    what: 'a persistence of no type that ends',
    spec: policy({ sessionPersistence: { type: 'None', timeout: '5m' } }),
    message: 'timeout belongs to type SourceIP; remove it or set that type',
  },
  {
    what: 'a persistence that is shorter than a second',
    spec: policy({ sessionPersistence: { type: 'SourceIP', timeout: '1500ms' } }),
    message: 'must be a duration in whole seconds from 1s to 24h, such as 5s or 1m30s',
  },
  {
    what: 'a drain of more than an hour',
    spec: policy({ drainTimeout: '61m' }),
    message: 'must be a duration from 0s to 1h, such as 50s, 1m30s or 500ms',
  },
  {
    what: 'a probe that takes longer than its interval',
    spec: monitor({ type: 'TCP', delay: '2s', timeout: '3s' }),
    message: 'timeout must not exceed delay',
  },
  {
    what: 'an interval in parts of a second',
    spec: monitor({ type: 'TCP', delay: '2500ms' }),
    message: 'must be a duration in whole seconds from 1s to 1h, such as 5s or 1m30s',
  },
  {
    what: 'a path for a TLS handshake',
    spec: monitor({ type: 'TLSHello', path: '/healthz' }),
    message:
      'path, method, version, host and expectedCodes belong to type HTTP or HTTPS; remove them or set such a type',
  },
  {
    what: 'a path with a blank',
    spec: monitor({ type: 'HTTPS', path: '/a b' }),
    message:
      'path starts with /, has no // and only plain URL characters (letters, digits, / . _ ~ ! * + , ; = : @ - and %XX)',
  },
  {
    what: 'a Host header over HTTP/1.0',
    spec: monitor({ type: 'HTTP', host: 'a.example.com' }),
    message: 'host needs version: "1.1", because an HTTP/1.0 probe sends no Host header',
  },
  {
    what: 'a Host header with a port',
    spec: monitor({ type: 'HTTPS', version: '1.1', host: 'a.example.com:443' }),
    message:
      'must be an exact DNS name in lower case with at least one dot, such as shop.example.com; no wildcard, port or scheme',
  },
  {
    what: 'status codes as a pattern',
    spec: monitor({ type: 'HTTP', expectedCodes: '2xx' }),
    message: 'must be one status code, a list or a range, such as "200", "200,204" or "200-204"',
  },
  {
    what: 'an interval below a minute',
    spec: { sync: { interval: '10s' } },
    message: 'must be a duration from 1m to 24h, such as 50s, 1m30s or 500ms',
  },
]);
