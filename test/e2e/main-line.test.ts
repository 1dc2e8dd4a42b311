import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { callsSince, logPosition, octaviaCalls } from '../openstack/access-log.ts';
import type { CloudView } from '../openstack/cloud-view.ts';
import type { Lab } from '../openstack/lab.ts';
import { hostRoute, list, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { type OperatorProcess, startOperator } from '../support/operator-process.ts';
import { settled } from '../support/settled.ts';
import { openWorld, operatorAgent as agent, type World } from './support/world.ts';

/** One balancer on a real Octavia, told to it by a real kube-apiserver; on its nodes echo servers stand for Pods. */

const echoPorts = [30080, 30081];
let world: World;
let lab: Lab;
let view: CloudView;
let cluster: ControlPlane;
let operator: OperatorProcess;
const hosts = echoPorts.map((nodePort, at) => ({ name: `shop-${at}`, nodePort, host: `shop-${at}.example.com` }));

beforeAll(async () => {
  world = await openWorld({ echoPorts });
  ({ lab, view, cluster, operator } = world);
}, 3_600_000);

afterAll(() => world?.stop(), 420_000);

/** Calls that a change cost, when all is Ready again. */
async function cost(change: () => Promise<unknown>) {
  const since = await logPosition(lab.accessLog);
  await change();
  const operatorPort = world.operatorOptions.port;
  return octaviaCalls(
    await settled({ controlPlane: cluster, view, accessLog: lab.accessLog, since, agent, operatorPort }),
  );
}

const shapes = (calls: readonly { readonly method: string; readonly path: string }[]): readonly string[] =>
  calls.map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '{id}').replace('/v2/lbaas', '')}`);

function route(of: (typeof hosts)[number]) {
  return hostRoute({ ...of, namespace: 'team-a', service: of.name, balancer: 'public', balancerNamespace: 'edge' });
}

async function answerOf(host: string): Promise<number> {
  const address = await addressOf('public');
  // ACTIVE is not yet serving: the pair decides first who holds the address
  return waitFor(`${host} is answered`, 120, async () => {
    const text = await lab
      .client(['curl', '-s', '-m', '5', '-H', `Host: ${host}`, `http://${address}/`])
      .catch(() => '');
    return text.startsWith('{') ? (JSON.parse(text) as { readonly port: number }).port : undefined;
  });
}

function addressOf(name: string): Promise<string> {
  return cluster.kubectl(['get', 'sbal', name, '-n', 'edge', '-o', 'jsonpath={.status.address}']);
}

async function gone(): Promise<void> {
  await waitFor('no SharedBalancer is left', 240, async () =>
    (await cluster.kubectl(['get', 'sbal', '-A', '-o', 'name'])) === '' ? true : undefined,
  );
}

test('routes that exist before their balancer come up in one create, and each host is answered by its own backend', async () => {
  const { writes } = await cost(async () => {
    const services = hosts.map((of) => nodePortService({ ...of, namespace: 'team-a' }));
    await cluster.kubectl(
      ['apply', '-f', '-'],
      list([namespace('edge'), namespace('team-a'), ...services, ...hosts.map(route)]),
    );
    await cluster.kubectl(['apply', '-f', '-'], list([sharedBalancer({ namespace: 'edge', name: 'public' })]));
  });
  expect(shapes(writes)).toEqual(['POST /loadbalancers']);
  for (const { host, nodePort } of hosts) expect(await answerOf(host)).toBe(nodePort);
}, 900_000);

test('a restart with nothing changed writes nothing and reads six lists', async () => {
  await operator.stop();
  const since = await logPosition(lab.accessLog);
  operator = await startOperator(world.operatorOptions);
  const { writes, reads } = octaviaCalls(
    await settled({ controlPlane: cluster, view, accessLog: lab.accessLog, since, agent }),
  );
  expect(shapes(writes)).toEqual([]);
  expect(shapes(reads).toSorted()).toEqual([
    'GET /healthmonitors',
    'GET /l7policies',
    'GET /listeners',
    'GET /loadbalancers/{id}',
    'GET /loadbalancers/{id}/status',
    'GET /pools',
  ]);
}, 300_000);

test('a route is deleted by taking away its policy and its pool, and comes back in five writes', async () => {
  const [first] = hosts;
  if (first === undefined) throw new Error('there are hosts');
  const removed = await cost(() => cluster.kubectl(['delete', 'svcr', first.name, '-n', 'team-a']));
  expect(shapes(removed.writes)).toEqual(['DELETE /l7policies/{id}', 'DELETE /pools/{id}']);
  const added = await cost(() => cluster.kubectl(['apply', '-f', '-'], list([route(first)])));
  expect(added.writes.length).toBeLessThanOrEqual(5);
  expect(await answerOf(first.host)).toBe(first.nodePort);
}, 600_000);

test('a route to a Service that does not exist is told why, and disturbs nobody', async () => {
  const since = await logPosition(lab.accessLog);
  const lost = route({ name: 'lost', nodePort: 0, host: 'lost.example.com' });
  await cluster.kubectl(['apply', '-f', '-'], list([lost]));
  const message = await waitFor('the route is told', 120, async () => {
    const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].reason}';
    const reason = await cluster.kubectl(['get', 'svcr', 'lost', '-n', 'team-a', '-o', path]);
    return reason === '' ? undefined : reason;
  });
  expect(message).toBe('BackendNotFound');
  await cluster.kubectl(['delete', 'svcr', 'lost', '-n', 'team-a']);
  const calls = await callsSince(lab.accessLog, since, agent);
  expect(shapes(octaviaCalls(calls).writes)).toEqual([]);
}, 300_000);

test('a Service that is deleted under a live route empties its pool and touches no other; requests get 503', async () => {
  const [first, second] = hosts;
  if (first === undefined || second === undefined) throw new Error('there are two hosts');
  const since = await logPosition(lab.accessLog);
  await cluster.kubectl(['delete', 'service', first.name, '-n', 'team-a']);
  await waitFor('its pool is emptied', 120, async () => {
    const { writes } = octaviaCalls(await callsSince(lab.accessLog, since, agent));
    return writes.length > 0 && (await view.allActive()) ? true : undefined;
  });
  const code = await waitFor('requests get 503', 60, async () => {
    const address = await addressOf('public');
    const curl = ['curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', '-H', `Host: ${first.host}`];
    const status = await lab.client([...curl, `http://${address}/`]).catch(() => '');
    return status === '503' ? status : undefined;
  });
  expect(code).toBe('503');
  expect(await answerOf(second.host)).toBe(second.nodePort);
  const { writes } = octaviaCalls(await callsSince(lab.accessLog, since, agent));
  expect(shapes(writes)).toEqual(['PUT /pools/{id}/members']);
  const back = await cost(() =>
    cluster.kubectl(['apply', '-f', '-'], list([nodePortService({ ...first, namespace: 'team-a' })])),
  );
  expect(shapes(back.writes)).toEqual(['PUT /pools/{id}/members']);
}, 600_000);

test('killed while its balancer is PENDING_CREATE, the next process goes on with the same one', async () => {
  const since = await logPosition(lab.accessLog);
  await cluster.kubectl(['apply', '-f', '-'], list([sharedBalancer({ namespace: 'edge', name: 'second' })]));
  await waitFor('the balancer is being made', 120, async () => {
    const calls = await callsSince(lab.accessLog, since, agent);
    return calls.some((call) => call.method === 'POST' && call.path.endsWith('/loadbalancers')) ? true : undefined;
  });
  await operator.kill();
  operator = await startOperator(world.operatorOptions);
  const calls = await settled({ controlPlane: cluster, view, accessLog: lab.accessLog, since, agent });
  const made = (path: string) => calls.filter((call) => call.method === 'POST' && call.path.endsWith(path)).length;
  expect([made('/loadbalancers'), made('/ports'), made('/floatingips')]).toEqual([1, 1, 1]);
  expect((await view.loadBalancers()).length).toBe(2);
  await cluster.kubectl(['delete', 'sbal', 'second', '-n', 'edge', '--wait=false']);
  await waitFor('it is gone', 240, async () => ((await view.loadBalancers()).length === 1 ? true : undefined));
}, 900_000);

test('a deleted Node costs one call for each pool', async () => {
  const { writes } = await cost(() => cluster.kubectl(['delete', 'node', 'node-3']));
  expect(shapes(writes)).toEqual(hosts.map(() => 'PUT /pools/{id}/members'));
}, 300_000);

test('a deleted SharedBalancer leaves nothing in the cloud', async () => {
  const since = await logPosition(lab.accessLog);
  await cluster.kubectl(['delete', 'svcr', '--all', '-n', 'team-a']);
  await cluster.kubectl(['delete', 'sbal', 'public', '-n', 'edge', '--wait=false']);
  await gone();
  await waitFor('the node security group is removed', 120, async () => {
    const calls = await callsSince(lab.accessLog, since, agent);
    return calls.some((call) => call.method === 'DELETE' && /security-groups\/[^/]+$/.test(call.path))
      ? true
      : undefined;
  });
  const deletes = (await callsSince(lab.accessLog, since, agent)).filter((call) => call.method === 'DELETE');
  const kinds = new Set(deletes.filter(({ status }) => status < 300).map(({ path }) => path.split('/').at(-2)));
  expect(kinds).toEqual(new Set(['floatingips', 'loadbalancers', 'ports', 'security-group-rules', 'security-groups']));
}, 600_000);
