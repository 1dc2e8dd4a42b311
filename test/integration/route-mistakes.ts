import { entriesOf, type Mistake } from './mistake.ts';

const balancerRef = { name: 'public', namespace: 'edge' };
const backend = { service: 'shop', port: 80 };
const backends = [backend];
const forward = { type: 'Forward', backends };
const http = (rule: object, hostnames: readonly string[] = ['a.example.com']) => ({
  balancerRef,
  http: { hostnames, rules: [{ name: 'all', action: forward, ...rule }] },
});
const matching = (match: object) => http({ matches: [match] });
const path = (value: string, type = 'Exact') => matching({ path: { type, value } });
const redirect = (given: object) => http({ action: { type: 'Redirect', redirect: given } });
const l4 = (more: object, backendPolicy?: object) => ({
  balancerRef,
  l4: { port: 5432, backends, ...more },
  ...(backendPolicy === undefined ? {} : { backendPolicy }),
});

const pathMessage =
  'path value starts with /, has no // and only plain URL characters (letters, digits, / . _ ~ ! * + , ; = : @ - and %XX); a Regex starts with ^ and has no quote, space or #';
const hostMessage =
  'must be a DNS name in lower case with at least one dot, such as shop.example.com, the same after *., or * alone; no port or scheme';
const valueMessage = 'value is required unless type is Present, and not allowed there';
const headerMessage =
  'header value has 1 to 128 of letters, digits and _ . ~ : / ? @ ! * + ; = -, the first not -; no comma, which HAProxy splits at';
const cookieMessage =
  'cookie value has 1 to 128 of letters, digits and _ . ~ : / ? @ ! * + = -, the first not -; no comma or semicolon, which end a cookie';
const backendsMessage = 'backends are required for type Forward and allowed only there';
const redirectMessage = 'redirect is required for type Redirect and allowed only there';
const targetMessage =
  'must be an http:// or https:// URL of plain characters, such as https://shop.example.com/new; no &, # or quote, at most 200 characters';
const portMessage = 'port is a number from 1 to 65535 or the name of a port of the Service, such as http';
const proxyMessage = 'proxyProtocol needs http or l4 with protocol TCP; remove it or set None';
const timeoutMessage = 'sessionPersistence.timeout needs l4 with protocol UDP or SCTP; remove it';
const sourceIP = { sessionPersistence: { type: 'SourceIP', timeout: '5m' } };

/** Mistakes in a ServiceRoute, in the order of its fields. */
export const routeMistakes: readonly Mistake[] = entriesOf<Mistake>('ServiceRoute', [
  { what: 'neither http nor l4', spec: { balancerRef }, message: 'set exactly one of http, l4' },
  {
    what: 'both http and l4',
    spec: { ...http({}), l4: { port: 1, backends } },
    message: 'set exactly one of http, l4',
  },
  { what: 'a hostname of one label', spec: http({}, ['localhost']), message: hostMessage },
  { what: 'a hostname in capitals', spec: http({}, ['Shop.example.com']), message: hostMessage },
  { what: 'a hostname with a port', spec: http({}, ['shop.example.com:80']), message: hostMessage },
  { what: 'a hostname with a star inside a label', spec: http({}, ['a*.example.com']), message: hostMessage },
  {
    what: 'a rule whose name is too long',
    spec: http({ name: 'Name' }),
    message: "must be a DNS label of at most 40 characters: lower-case letters, digits and '-', first and last not '-'",
  },
  { what: 'a path with a quote', spec: path('/a"b'), message: pathMessage },
  { what: 'a path with an empty element', spec: path('/a//b'), message: pathMessage },
  { what: 'a path with a comment sign', spec: path('/a#b', 'PathPrefix'), message: pathMessage },
  { what: 'a regular expression that is not anchored', spec: path('/a.*', 'Regex'), message: pathMessage },
  { what: 'a regular expression with a blank', spec: path('^/a b', 'Regex'), message: pathMessage },
  {
    what: 'a header name with a colon',
    spec: matching({ headers: [{ name: 'X-Env:', value: 'a' }] }),
    message: "must be a header name: letters, digits and '-', first not '-', at most 64 characters",
  },
  { what: 'a header without value', spec: matching({ headers: [{ name: 'X-Env' }] }), message: valueMessage },
  {
    what: 'a value for a header that need only be there',
    spec: matching({ headers: [{ name: 'X-Env', type: 'Present', value: 'a' }] }),
    message: valueMessage,
  },
  {
    what: 'a header value that reads as a flag',
    spec: matching({ headers: [{ name: 'X-Env', value: '-i' }] }),
    message: headerMessage,
  },
  {
    what: 'a header value with a comma',
    spec: matching({ headers: [{ name: 'X-Env', value: 'a,b' }] }),
    message: headerMessage,
  },
  {
    what: 'a cookie name with a blank',
    spec: matching({ cookies: [{ name: 'a b', value: '1' }] }),
    message: "must be a cookie name: letters, digits, '_', '.' and '-', first not '.' or '-', at most 64 characters",
  },
  { what: 'a cookie without value', spec: matching({ cookies: [{ name: 'beta' }] }), message: valueMessage },
  {
    what: 'a cookie value with a semicolon',
    spec: matching({ cookies: [{ name: 'beta', value: 'a;b' }] }),
    message: cookieMessage,
  },
  {
    what: 'a file type with its dot',
    spec: matching({ fileTypes: ['.jpg'] }),
    message: 'must be a file name ending without its dot: 1 to 10 letters or digits, such as jpg',
  },
  { what: 'a forward to nowhere', spec: http({ action: { type: 'Forward' } }), message: backendsMessage },
  { what: 'a reject with backends', spec: http({ action: { type: 'Reject', backends } }), message: backendsMessage },
  { what: 'a redirect to nowhere', spec: http({ action: { type: 'Redirect' } }), message: redirectMessage },
  {
    what: 'a forward with a redirect',
    spec: http({ action: { ...forward, redirect: { url: 'https://a.example.com' } } }),
    message: redirectMessage,
  },
  { what: 'a redirect without target', spec: redirect({}), message: 'set exactly one of url, prefix' },
  {
    what: 'a redirect with two targets',
    spec: redirect({ url: 'https://a.example.com/b', prefix: 'https://a.example.com' }),
    message: 'set exactly one of url, prefix',
  },
  { what: 'a redirect to a script', spec: redirect({ url: 'javascript:alert' }), message: targetMessage },
  { what: 'a redirect with a quote', spec: redirect({ prefix: 'https://a.example.com/"' }), message: targetMessage },
  {
    what: 'the same backend twice',
    spec: l4({ backends: [backend, { ...backend, weight: 5 }] }),
    message: 'the same service and port stands twice; remove one',
  },
  {
    what: 'backends of no weight at all',
    spec: l4({ backends: [{ ...backend, weight: 0 }] }),
    message: 'every weight is 0; give at least one backend a weight above 0',
  },
  {
    what: 'backups of nobody',
    spec: l4({ backends: [{ ...backend, role: 'Backup' }] }),
    message: 'every backend is a Backup; give at least one the role Active',
  },
  {
    what: 'a port of a Service above all ports',
    spec: l4({ backends: [{ service: 'a', port: 65536 }] }),
    message: portMessage,
  },
  {
    what: 'a port of a Service with an odd name',
    spec: l4({ backends: [{ service: 'a', port: '80/tcp' }] }),
    message: portMessage,
  },
  {
    what: 'a Service with a dot',
    spec: l4({ backends: [{ service: 'a.b', port: 80 }] }),
    message: "must be a DNS label of at most 63 characters: lower-case letters, digits and '-', first and last not '-'",
  },
  {
    what: 'timeouts of UDP',
    spec: l4({ protocol: 'UDP', timeouts: { clientData: '1h' } }),
    message: 'timeouts belong to protocol TCP; remove them, UDP and SCTP have none in Octavia',
  },
  {
    what: 'a source range without prefix',
    spec: l4({ sourceRanges: ['192.0.2.1'] }),
    message:
      'must be an IPv4 or IPv6 network, such as 192.0.2.0/24 or 2001:db8::/32; a single address ends in /32 or /128',
  },
  { what: 'a PROXY header over UDP', spec: l4({ protocol: 'UDP' }, { proxyProtocol: 'V1' }), message: proxyMessage },
  {
    what: 'a PROXY header over SCTP',
    spec: l4({ protocol: 'SCTP' }, { proxyProtocol: 'V2' }),
    message: proxyMessage,
  },
  {
    what: 'a cookie over TCP',
    spec: l4({}, { sessionPersistence: { type: 'HTTPCookie' } }),
    message: 'sessionPersistence by cookie needs http; use SourceIP or None',
  },
  { what: 'a persistence over TCP that ends', spec: l4({}, sourceIP), message: timeoutMessage },
  {
    what: 'a persistence over HTTP that ends',
    spec: { ...http({}), backendPolicy: sourceIP },
    message: timeoutMessage,
  },
  { what: 'a persistence of one rule that ends', spec: http({ backendPolicy: sourceIP }), message: timeoutMessage },
]);
