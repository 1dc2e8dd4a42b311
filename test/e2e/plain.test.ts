import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { type Manifest, namespace, sharedBalancer } from '../support/manifests.ts';
import { ask } from './support/ask.ts';
import { openWorld, type World } from './support/world.ts';

/** What a cluster already has, on one balancer: fifty Services and fifty Ingresses of ten teams; five of each are asked by packets. */

const many = 50;
const teams = Array.from({ length: 10 }, (_, at) => `team-${at}`);
const numbers = Array.from({ length: many }, (_, at) => at);
const asked = [0, 11, 22, 33, 44];
const teamOf = (at: number): string => `team-${at % teams.length}`;
const portOf = (at: number): number => 9_001 + at;
const sharedNodePort = (at: number): number => 31_201 + at;
const ingressNodePort = (at: number): number => 31_301 + at;
const hostOf = (at: number): string => `app-${at}.${teamOf(at)}.example.com`;
const dedicatedNodePort = 31_400;

let world: World;

beforeAll(async () => {
  world = await openWorld({
    echoPorts: [...asked.map(sharedNodePort), ...asked.map(ingressNodePort), dedicatedNodePort],
  });
  await world.apply(...['edge', ...teams].map(namespace));
  await world.apply(ingressClass(), ...numbers.flatMap((at) => [shared(at), behindIngress(at), ingress(at)]));
  const backendPolicy = { maxNodes: 1, healthMonitor: { type: 'None' } };
  await world.apply(sharedBalancer({ namespace: 'edge', name: 'public', spec: { defaults: { backendPolicy } } }));
}, 3_600_000);

afterAll(async () => {
  await world?.cluster.kubectl(['delete', 'service', '-A', '-l', 'octopool.test/own=yes', '--wait=false']);
  await world?.stop();
}, 420_000);

function service(name: string, at: number, spec: Manifest, annotations: Manifest = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: teamOf(at), annotations },
    spec: { selector: { app: name }, ...spec },
  };
}

function shared(at: number): Manifest {
  const ports = [{ port: portOf(at), targetPort: 8080, nodePort: sharedNodePort(at) }];
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'octopool.dev/shared', ports };
  return service(`shared-${at}`, at, spec, { 'octopool.dev/balancer': 'edge/public' });
}

function behindIngress(at: number): Manifest {
  const ports = [{ name: 'http', port: 80, targetPort: 8080, nodePort: ingressNodePort(at) }];
  return service(`app-${at}`, at, { type: 'NodePort', ports });
}

function ingressClass(): Manifest {
  const parameters = { apiGroup: 'octopool.dev', kind: 'SharedBalancer', scope: 'Namespace' };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'shared' },
    spec: {
      controller: 'octopool.dev/ingress',
      parameters: { ...parameters, namespace: 'edge', name: 'public' },
    },
  };
}

function ingress(at: number): Manifest {
  const backend = { service: { name: `app-${at}`, port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: `app-${at}`, namespace: teamOf(at) },
    spec: {
      ingressClassName: 'shared',
      rules: [{ host: hostOf(at), http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
}

/** How many of a kind have an address in their status. */
async function published(kind: string): Promise<number> {
  const path = 'jsonpath={range .items[*]}{.status.loadBalancer.ingress[0].ip}{"\\n"}{end}';
  const text = await world.cluster.kubectl(['get', kind, '-A', '-o', path]);
  return text.split('\n').filter((line) => line !== '').length;
}

test('all of them sit on one load balancer, each with its address', async () => {
  await waitFor('a hundred addresses are published', 900, async () =>
    (await published('services')) === many && (await published('ingresses')) === many ? true : undefined,
  );
  const balancers = await world.view.loadBalancers();
  expect(balancers.map(({ name }) => name.slice(0, 'edge/public'.length))).toEqual(['edge/public']);
}, 1_000_000);

test.each(asked)(
  'Service and Ingress %i are answered by what stands behind them',
  async (at) => {
    const path = 'jsonpath={.status.loadBalancer.ingress[0].ip}';
    const address = await world.cluster.kubectl(['get', 'service', `shared-${at}`, '-n', teamOf(at), '-o', path]);
    const byPort = await waitFor(`port ${portOf(at)} is answered`, 240, async () => {
      const answer = await ask(world.lab, { address, port: portOf(at) });
      return answer.echo?.port;
    });
    const byHost = await waitFor(`${hostOf(at)} is answered`, 240, async () => {
      const answer = await ask(world.lab, { address, host: hostOf(at) });
      return answer.echo?.port;
    });
    expect([byPort, byHost]).toEqual([sharedNodePort(at), ingressNodePort(at)]);
  },
  600_000,
);

test('a Service of class dedicated is answered at an address of its own, and takes it along when it goes', async () => {
  const ports = [{ port: 80, targetPort: 8080, nodePort: dedicatedNodePort }];
  const own = service('own', 0, { type: 'LoadBalancer', loadBalancerClass: 'octopool.dev/dedicated', ports });
  await world.apply({
    ...own,
    metadata: { ...(own['metadata'] as object), labels: { 'octopool.test/own': 'yes' } },
  });
  const path = 'jsonpath={.status.loadBalancer.ingress[0].ip}';
  const address = await waitFor('it has an address', 600, async () => {
    const text = await world.cluster.kubectl(['get', 'service', 'own', '-n', teamOf(0), '-o', path]);
    return text === '' ? undefined : text;
  });
  const port = await waitFor('it is answered', 240, async () => (await ask(world.lab, { address })).echo?.port);
  expect(port).toBe(dedicatedNodePort);
  expect(await world.view.loadBalancers()).toHaveLength(2);
  await world.cluster.kubectl(['delete', 'service', 'own', '-n', teamOf(0), '--wait=false']);
  await waitFor('its finalizer lets it go', 300, async () => {
    const left = await world.cluster.kubectl(['get', 'service', '-A', '-l', 'octopool.test/own=yes', '-o', 'name']);
    return left === '' ? true : undefined;
  });
  expect(await world.view.loadBalancers()).toHaveLength(1);
}, 1_200_000);
