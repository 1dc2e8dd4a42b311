import { type Manifest, sharedBalancer } from '../../support/manifests.ts';
import { forward, route, service } from '../support/objects.ts';

/** One host for each word about backends. */

export const ports = { main: 31_201, canary: 31_202, spare: 31_203, shaky: 31_204, headed: 31_205, leaving: 31_206 };
export type Backend = keyof typeof ports;

export const services = Object.entries(ports).map(([name, nodePort]) => service(name, nodePort));

export const balancer = sharedBalancer({
  namespace: 'edge',
  name: 'public',
  spec: {
    // a request that a test holds open must end by its answer alone
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP', timeouts: { clientData: '10m', memberData: '10m' } }],
    defaults: { backendPolicy: { healthMonitor: { type: 'None' } } },
  },
});

const quick = { type: 'HTTP', path: '/healthz', delay: '1s', timeout: '1s', maxRetries: 1, maxRetriesDown: 2 };
export const hostOf = (name: string): string => `${name}.example.com`;

function host(name: string, action: Manifest, backendPolicy: Manifest = {}): Manifest {
  return route(name, { http: { hostnames: [hostOf(name)], rules: [{ name: 'all', action }] }, backendPolicy });
}

const weighted: Manifest = {
  type: 'Forward',
  backends: [
    { service: 'main', port: 80, weight: 90 },
    { service: 'canary', port: 80, weight: 10 },
  ],
};
const backed: Manifest = {
  type: 'Forward',
  backends: [
    { service: 'shaky', port: 80 },
    { service: 'spare', port: 80, role: 'Backup' },
  ],
};
const main = forward('main');

/** Nodes that carry the label are the members; requests under way have a minute. */
export const leaving = 'example.com/serves';

export const routes = [
  host('weighted', weighted),
  host('backed', backed, { healthMonitor: quick }),
  host('by-source', main, { sessionPersistence: { type: 'SourceIP' } }),
  host('by-cookie', main, { sessionPersistence: { type: 'HTTPCookie' } }),
  host('by-app', main, { sessionPersistence: { type: 'AppCookie', cookieName: 'JSESSIONID' } }),
  host('headed', forward('headed'), { proxyProtocol: 'V2' }),
  host('watched', main, { healthMonitor: { ...quick, path: '/status/200' }, algorithm: 'LeastConnections' }),
  host('one-node', main, { maxNodes: 1, algorithm: 'SourceIP' }),
  host('leaving', forward('leaving'), { nodeSelector: { matchLabels: { [leaving]: 'yes' } }, drainTimeout: '20s' }),
];
