import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { hostRoute, list, type Manifest, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { allReady } from '../support/settled.ts';
import { ask, askOnce, type Request } from './support/ask.ts';
import { type Got, startLoad } from './rolling/load.ts';
import { deployment, documentedManners, podsOf, rolledOut } from './rolling/workload.ts';
import { openWorld, type World } from './rolling/world.ts';

/** A team exchanges all of its Pods while people ask: real kubelets, kube-proxies and HAProxies, and what docs/tasks/rolling-updates.md says to set. */

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const documented = documentedManners();
const apps = ['by-node', 'by-pod'] as const;
type App = (typeof apps)[number];
const byApp = <T>(tell: (app: App) => T) => ({ 'by-node': tell('by-node'), 'by-pod': tell('by-pod') });
const hostOf = (app: string): string => `${app}.example.com`;
let world: World;
let address: string;

beforeAll(async () => {
  world = await openWorld(progress);
  await apply(namespace('edge'), namespace('team-a'));
  await apply(
    deployment('by-node', { ...documented, preStopSeconds: 10 }), // kube-proxy alone has to hear of an end
    deployment('by-pod', documented, 2),
    nodePortService({ namespace: 'team-a', name: 'by-node' }),
  );
  await apply(clusterService, routeTo('by-node', {}), routeTo('by-pod', { targetType: 'PodIP', drainTimeout: '30s' }));
  await apply(sharedBalancer({ namespace: 'edge', name: 'public' }));
  await rolledOut(world, ...apps);
  await waitFor('everything is Ready', 300, async () => ((await allReady(world.cluster)) ? true : undefined));
  address = await field(['sbal', 'public', '-n', 'edge'], '.status.address');
  for (const app of apps)
    await waitFor(`${app} answers`, 180, async () =>
      (await ask(world.lab, to(app))).status === 200 ? true : undefined,
    );
  await fitPreStop();
}, 3_600_000);

/** As the documentation says: three times what a change of members takes on this machine, where that is more than what it shows. */
async function fitPreStop(): Promise<void> {
  const began = performance.now();
  await apply(deployment('by-pod', documented));
  await membersSettled();
  const preStopSeconds = Math.max(documented.preStopSeconds, Math.ceil(((performance.now() - began) / 1000) * 3));
  progress(`preStop of by-pod: ${preStopSeconds} s`);
  const graceSeconds = documented.graceSeconds - documented.preStopSeconds + preStopSeconds;
  await apply(deployment('by-pod', { ...documented, preStopSeconds, graceSeconds }));
  await rolledOut(world, 'by-pod');
  await membersSettled();
}

afterAll(async () => {
  await world?.stop();
}, 600_000);

const apply = (...items: readonly Manifest[]) => world.cluster.kubectl(['apply', '-f', '-'], list(items));
const field = (object: readonly string[], path: string) =>
  world.cluster.kubectl(['get', ...object, '-o', `jsonpath={${path}}`]);
const to = (app: string): Request => ({ address, host: hostOf(app) });

const clusterService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'by-pod', namespace: 'team-a' },
  spec: { selector: { app: 'by-pod' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};

function routeTo(app: App, backendPolicy: Manifest): Manifest {
  const of = { namespace: 'team-a', name: app, host: hostOf(app), service: app };
  const route = hostRoute({ ...of, balancer: 'public', balancerNamespace: 'edge' });
  return { ...route, spec: { ...(route['spec'] as Manifest), backendPolicy } };
}

/** Addresses and ports of all members, by pool. */
async function members(): Promise<readonly string[]> {
  const loadBalancer = await field(['sbal', 'public', '-n', 'edge'], '.status.loadBalancerID');
  return [...(await world.view.members(loadBalancer)).values()].toSorted();
}

/** The same as they have to be: the nodes, and the Pods. */
async function wantedMembers(): Promise<readonly string[]> {
  const nodePort = await field(['service', 'by-node', '-n', 'team-a'], '.spec.ports[0].nodePort');
  const nodes = world.nodes.nodes.map(({ ip }) => `${ip}:${nodePort}`);
  const pods = (await podsOf(world, 'by-pod')).map(({ address: ip }) => `${ip}:8080`);
  return [nodes, pods].map((set) => set.toSorted().join(' ')).toSorted();
}

/** Until no Pod is about to end, and all that are there are members. */
async function membersSettled(): Promise<void> {
  await waitFor('the three Pods are members', 600, async () => {
    if ((await namesOf('by-pod')).length !== 3 || !(await world.view.allActive())) return undefined;
    return (await members()).join() === (await wantedMembers()).join() ? true : undefined;
  });
}

async function namesOf(app: App): Promise<readonly string[]> {
  return (await podsOf(world, app)).map(({ name }) => name);
}

async function allNames(): Promise<Readonly<Record<App, readonly string[]>>> {
  return { 'by-node': await namesOf('by-node'), 'by-pod': await namesOf('by-pod') };
}

function lost(answers: readonly Got[], pods: readonly string[]): readonly Got[] {
  return answers.filter(({ status, pod }) => status !== 200 || pod === undefined || !pods.includes(pod));
}

test('nodes let the load balancer in to node ports and Pods, and nobody else', async () => {
  const nodePort = Number(await field(['service', 'by-node', '-n', 'team-a'], '.spec.ports[0].nodePort'));
  const [node] = world.nodes.nodes;
  const [pod] = await podsOf(world, 'by-pod');
  const direct = [
    { address: node?.ip ?? '', port: nodePort, seconds: 2 },
    { address: pod?.address ?? '', port: 8080, seconds: 2 },
  ];
  const statuses = async (requests: readonly Request[]) =>
    Promise.all(requests.map(async (request) => (await askOnce(world.lab, request)).status));
  expect(await statuses(direct)).toEqual([200, 200]);
  await world.raiseFirewall();
  expect(await statuses(direct)).toEqual([0, 0]);
  expect(await statuses(apps.map(to))).toEqual([200, 200]);
}, 120_000);

test('a request that the load balancer itself answers counts as lost, and one that nobody answers', async () => {
  const loads = [startLoad(world.lab, to('nobody')), startLoad(world.lab, { ...to('by-node'), port: 81, seconds: 1 })];
  const answers = await Promise.all(loads.map((load) => load.end()));
  expect(answers.map((all) => [...new Set(all.map(({ status }) => status))])).toEqual([[503], [0]]);
  const pods = await namesOf('by-node');
  expect(answers.map((all) => lost(all, pods))).toEqual(answers);
}, 300_000);

test('a rolling update of a backend under load loses no request (preStop, PodIP and NodePort)', async () => {
  const old = await allNames();
  const oldLeft = async (app: App) => (await namesOf(app)).some((name) => old[app].includes(name));
  const answers = await whileAsked(async () => {
    await world.cluster.kubectl(['rollout', 'restart', '-n', 'team-a', ...apps.map((app) => `deployment/${app}`)]);
    await rolledOut(world, ...apps);
    for (const app of apps)
      await waitFor(`no old Pod of ${app} is left`, 900, async () => ((await oldLeft(app)) ? undefined : true));
  });
  const now = await allNames();
  const pods = (app: App) => [...old[app], ...now[app]];
  expect(byApp((app) => lost(answers[app], pods(app)))).toEqual({ 'by-node': [], 'by-pod': [] });
  expect(byApp((app) => pods(app).length)).toEqual({ 'by-node': 6, 'by-pod': 6 });
  expect(byApp((app) => new Set(answers[app].map(({ pod }) => pod)))).toEqual(byApp((app) => new Set(pods(app))));
}, 1_800_000);

/** What came back for the requests before, during and after it. */
async function whileAsked(change: () => Promise<void>): Promise<Readonly<Record<App, readonly Got[]>>> {
  const loads = apps.map((app) => startLoad(world.lab, to(app)));
  const more = () => Promise.all(loads.map((load) => load.more(100)));
  try {
    await more();
    await change();
    await more();
  } finally {
    await Promise.allSettled(loads.map((load) => load.end()));
  }
  const [byNode = [], byPod = []] = await Promise.all(loads.map((load) => load.end()));
  return { 'by-node': byNode, 'by-pod': byPod };
}

test('after it the members are the nodes as before, and the new Pods', async () => {
  await membersSettled();
  expect(await members()).toEqual(await wantedMembers());
}, 600_000);
