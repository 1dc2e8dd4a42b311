/** Mistakes that can be seen without looking at other objects; `message` is what both the API server and the operator say. */

export interface Mistake {
  readonly kind: 'SharedBalancer' | 'ServiceRoute';
  readonly what: string;
  readonly spec: unknown;
  readonly message: string;
}

const balancerRef = { name: 'public', namespace: 'edge' };
const backends = [{ service: 'shop', port: 80 }];
const rules = [{ name: 'all', action: { type: 'Forward', backends } }];
const path = (value: string) => ({
  balancerRef,
  http: { hostnames: ['a.example.com'], rules: [{ ...rules[0], matches: [{ path: { type: 'Exact', value } }] }] },
});
const monitor = (healthMonitor: unknown) => ({ defaults: { backendPolicy: { healthMonitor } } });
const pathMessage =
  'path starts with /, has no // and only plain URL characters (letters, digits, / . _ ~ ! * + , ; = : @ - and %XX)';

export const mistakes: readonly Mistake[] = [
  {
    kind: 'SharedBalancer',
    what: 'a VIP both in a subnet and on a network',
    spec: { placement: { vip: { subnet: { name: 'a' }, network: { name: 'b' } } } },
    message: 'set exactly one of subnet, network, port',
  },
  {
    kind: 'SharedBalancer',
    what: 'an address for a port that has one',
    spec: { placement: { vip: { port: { name: 'a' }, address: '10.0.0.1' } } },
    message: 'address cannot be combined with port; the port has its address already',
  },
  {
    kind: 'SharedBalancer',
    what: 'a reference by id and name',
    spec: { placement: { flavor: { id: '0c9d0000-0000-4000-8000-0000000000aa', name: 'ha' } } },
    message: 'set exactly one of id, name',
  },
  {
    kind: 'SharedBalancer',
    what: 'an existing floating IP without its address',
    spec: { network: { floatingIP: { mode: 'Existing' } } },
    message: 'address is required for mode Existing and allowed only there',
  },
  {
    kind: 'SharedBalancer',
    what: 'admission by label without a selector',
    spec: { attachment: { from: 'Selector' } },
    message: 'selector is required for from Selector and allowed only there',
  },
  {
    kind: 'SharedBalancer',
    what: 'two listeners on one port',
    spec: {
      listeners: [
        { name: 'a', port: 80, protocol: 'HTTP' },
        { name: 'b', port: 80, protocol: 'HTTP' },
      ],
    },
    message: 'two listeners use the same port',
  },
  {
    kind: 'SharedBalancer',
    what: 'a connection limit of none at all',
    spec: { listeners: [{ name: 'a', port: 80, protocol: 'HTTP', connectionLimit: 0 }] },
    message: 'connectionLimit is -1 (no limit) or at least 1',
  },
  {
    kind: 'SharedBalancer',
    what: 'a probe that takes longer than its interval',
    spec: monitor({ type: 'TCP', delay: '2s', timeout: '3s' }),
    message: 'timeout must not exceed delay',
  },
  {
    kind: 'SharedBalancer',
    what: 'a path for a TCP probe',
    spec: monitor({ type: 'TCP', path: '/healthz' }),
    message: 'path, method, version, host and expectedCodes belong to type HTTP; remove them or set type: HTTP',
  },
  {
    kind: 'SharedBalancer',
    what: 'a Host header over HTTP/1.0',
    spec: monitor({ type: 'HTTP', host: 'a.example.com' }),
    message: 'host needs version: "1.1", because an HTTP/1.0 probe sends no Host header',
  },
  {
    kind: 'SharedBalancer',
    what: 'an interval below a minute',
    spec: { sync: { interval: '10s' } },
    message: 'must be a duration from 1m to 24h, such as 50s, 1m30s or 500ms',
  },
  {
    kind: 'ServiceRoute',
    what: 'neither http nor l4',
    spec: { balancerRef },
    message: 'set exactly one of http, l4',
  },
  {
    kind: 'ServiceRoute',
    what: 'both http and l4',
    spec: { balancerRef, http: { hostnames: ['a.example.com'], rules }, l4: { port: 1, backends } },
    message: 'set exactly one of http, l4',
  },
  {
    kind: 'ServiceRoute',
    what: 'a hostname with a wildcard',
    spec: { balancerRef, http: { hostnames: ['*.example.com'], rules } },
    message:
      'must be an exact DNS name in lower case with at least one dot, such as shop.example.com; no wildcard, port or scheme',
  },
  { kind: 'ServiceRoute', what: 'a path with a quote', spec: path('/a"b'), message: pathMessage },
  { kind: 'ServiceRoute', what: 'a path with an empty element', spec: path('/a//b'), message: pathMessage },
  { kind: 'ServiceRoute', what: 'a path with a comment sign', spec: path('/a#b'), message: pathMessage },
  {
    kind: 'ServiceRoute',
    what: 'the same backend twice',
    spec: { balancerRef, l4: { port: 5432, backends: [...backends, ...backends] } },
    message: 'the same service and port stands twice; remove one',
  },
];
