import { entriesOf, type OutOfBounds } from './mistake.ts';

const balancerRef = { name: 'public' };
const backend = { service: 'shop', port: 80 };
const action = { type: 'Forward', backends: [backend] };
const http = (more: object) => ({
  balancerRef,
  http: { hostnames: ['a.example.com'], rules: [{ name: 'all', action }], ...more },
});
const matching = (match: object) => http({ rules: [{ name: 'all', action, matches: [match] }] });
const l4 = (more: object) => ({ balancerRef, l4: { port: 5432, backends: [backend], ...more } });
const listener = (more: object) => ({ listeners: [{ name: 'a', port: 80, protocol: 'HTTP', ...more }] });
const policy = (backendPolicy: object) => ({ defaults: { backendPolicy } });
const many = <Entry>(count: number, entry: (at: number) => Entry): readonly Entry[] =>
  Array.from({ length: count }, (_, at) => entry(at));
const delegation = (at: number) => ({ pattern: `a${at}.example.com`, namespaces: ['team-a'] });
const range = { start: 30000, end: 30001, namespaces: ['team-a'] };
const header = (at: number) => ({ name: `X-${at}`, value: 'a' });

/** Numbers, lengths and closed lists: each just outside what is possible. */
export const outOfBounds: readonly OutOfBounds[] = [
  ...entriesOf<OutOfBounds>('SharedBalancer', [
    {
      what: 'eight additional VIPs',
      spec: { placement: { additionalVIPs: many(8, (at) => ({ subnet: { name: `s${at}` } })) } },
      field: 'spec.placement.additionalVIPs',
    },
    { what: 'a topology of three', spec: { placement: { topology: 'Triple' } }, field: 'spec.placement.topology' },
    {
      what: '257 delegated names',
      spec: { attachment: { hostnames: many(257, delegation) } },
      field: 'spec.attachment.hostnames',
    },
    {
      what: 'a name that is delegated twice',
      spec: { attachment: { hostnames: [delegation(1), delegation(1)] } },
      field: 'spec.attachment.hostnames[1]',
    },
    {
      what: 'a name that is delegated to nobody',
      spec: { attachment: { hostnames: [{ pattern: '*', namespaces: [] }] } },
      field: 'spec.attachment.hostnames[0].namespaces',
    },
    {
      what: 'a name that is delegated to 65 namespaces',
      spec: { attachment: { hostnames: [{ pattern: '*', namespaces: many(65, (at) => `n${at}`) }] } },
      field: 'spec.attachment.hostnames[0].namespaces',
    },
    {
      what: '129 delegated ranges',
      spec: { attachment: { ports: many(129, () => range) } },
      field: 'spec.attachment.ports',
    },
    {
      what: 'a range from port 0',
      spec: { attachment: { ports: [{ ...range, start: 0 }] } },
      field: 'spec.attachment.ports[0].start',
    },
    {
      what: 'a range of a protocol without ports',
      spec: { attachment: { ports: [{ ...range, protocols: ['ICMP'] }] } },
      field: 'spec.attachment.ports[0].protocols[0]',
    },
    {
      what: 'regular expressions for some',
      spec: { attachment: { regexMatches: 'Some' } },
      field: 'spec.attachment.regexMatches',
    },
    {
      what: '33 listeners',
      spec: { listeners: many(33, (at) => ({ name: `l${at}`, port: 8000 + at, protocol: 'HTTP' })) },
      field: 'spec.listeners',
    },
    {
      what: 'a listener with TLS',
      spec: listener({ protocol: 'TerminatedHTTPS' }),
      field: 'spec.listeners[0].protocol',
    },
    {
      what: 'a header about TLS',
      spec: listener({ insertHeaders: ['X-SSL-Client-CN'] }),
      field: 'spec.listeners[0].insertHeaders[0]',
    },
    {
      what: 'a header twice',
      spec: listener({ insertHeaders: ['X-Forwarded-For', 'X-Forwarded-For'] }),
      field: 'spec.listeners[0].insertHeaders[1]',
    },
    {
      what: '65 networks',
      spec: listener({ allowedCIDRs: many(65, (at) => `10.0.${at}.0/24`) }),
      field: 'spec.listeners[0].allowedCIDRs',
    },
    {
      what: 'more connections than Octavia counts',
      spec: listener({ connectionLimit: 1_000_001 }),
      field: 'spec.listeners[0].connectionLimit',
    },
    { what: 'half a repair', spec: { sync: { driftPolicy: 'Half' } }, field: 'spec.sync.driftPolicy' },
    {
      what: 'members of no kind',
      spec: policy({ targetType: 'Node' }),
      field: 'spec.defaults.backendPolicy.targetType',
    },
    { what: 'no node at all', spec: policy({ maxNodes: 0 }), field: 'spec.defaults.backendPolicy.maxNodes' },
    {
      what: 'eleven retries',
      spec: policy({ healthMonitor: { type: 'TCP', maxRetries: 11 } }),
      field: 'spec.defaults.backendPolicy.healthMonitor.maxRetries',
    },
    {
      what: 'a third PROXY version',
      spec: policy({ proxyProtocol: 'V3' }),
      field: 'spec.defaults.backendPolicy.proxyProtocol',
    },
  ]),
  ...entriesOf<OutOfBounds>('ServiceRoute', [
    { what: 'no hostname', spec: http({ hostnames: [] }), field: 'spec.http.hostnames' },
    {
      what: '17 hostnames',
      spec: http({ hostnames: many(17, (at) => `a${at}.example.com`) }),
      field: 'spec.http.hostnames',
    },
    { what: 'no rule', spec: http({ rules: [] }), field: 'spec.http.rules' },
    {
      what: '33 rules',
      spec: http({ rules: many(33, (at) => ({ name: `r${at}`, action })) }),
      field: 'spec.http.rules',
    },
    {
      what: 'two rules of one name',
      spec: http({ rules: many(2, () => ({ name: 'all', action })) }),
      field: 'spec.http.rules[1]',
    },
    {
      what: 'nine matches',
      spec: http({ rules: [{ name: 'all', action, matches: many(9, () => ({})) }] }),
      field: 'spec.http.rules[0].matches',
    },
    {
      what: 'a path of 129 characters',
      spec: matching({ path: { value: `/${'a'.repeat(128)}` } }),
      field: 'spec.http.rules[0].matches[0].path.value',
    },
    {
      what: 'five headers',
      spec: matching({ headers: many(5, header) }),
      field: 'spec.http.rules[0].matches[0].headers',
    },
    {
      what: 'five cookies',
      spec: matching({ cookies: many(5, header) }),
      field: 'spec.http.rules[0].matches[0].cookies',
    },
    {
      what: 'nine file types',
      spec: matching({ fileTypes: many(9, (at) => `f${at}`) }),
      field: 'spec.http.rules[0].matches[0].fileTypes',
    },
    {
      what: 'a redirect that is none',
      spec: http({
        rules: [{ name: 'all', action: { type: 'Redirect', redirect: { url: 'https://a.example.com', code: 200 } } }],
      }),
      field: 'spec.http.rules[0].action.redirect.code',
    },
    { what: 'port 0', spec: l4({ port: 0 }), field: 'spec.l4.port' },
    { what: 'a protocol without ports', spec: l4({ protocol: 'ICMP' }), field: 'spec.l4.protocol' },
    {
      what: '65 source ranges',
      spec: l4({ sourceRanges: many(65, (at) => `10.0.${at}.0/24`) }),
      field: 'spec.l4.sourceRanges',
    },
    { what: 'no backend', spec: l4({ backends: [] }), field: 'spec.l4.backends' },
    {
      what: 'nine backends',
      spec: l4({ backends: many(9, (at) => ({ service: `s${at}`, port: 80 })) }),
      field: 'spec.l4.backends',
    },
    {
      what: 'a weight above a million',
      spec: l4({ backends: [{ ...backend, weight: 1_000_001 }] }),
      field: 'spec.l4.backends[0].weight',
    },
    {
      what: 'a weight below none',
      spec: l4({ backends: [{ ...backend, weight: -1 }] }),
      field: 'spec.l4.backends[0].weight',
    },
    {
      what: 'a third role',
      spec: l4({ backends: [{ ...backend, role: 'Spare' }] }),
      field: 'spec.l4.backends[0].role',
    },
  ]),
];
