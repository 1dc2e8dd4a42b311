import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { podLinks } from '../kubernetes/nodes/node-network.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { type ApplicationCredential, applicationCredential } from '../openstack/application-credential.ts';
import { list, sharedBalancer } from '../support/manifests.ts';
import { openWorld, routeTo, type World } from './shipped/world.ts';
import { type Answer, askAll } from './support/ask.ts';

/** The responder as it ships: Pods of the image on real nodes, asked through a balancer that names it as its defaultBackend. */

const overlay = join(import.meta.dirname, '../image/responder');
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
let world: World;
let credential: ApplicationCredential;
let address: string;

beforeAll(async () => {
  world = await openWorld(progress);
  credential = await applicationCredential(world.lab, 'responder');
  await world.octopool.install(credential.cloudsYaml);
  const { kubectl } = world.cluster;
  await kubectl(['apply', '--server-side', '-k', overlay]);
  await ready();
  const defaultBackend = { service: 'octopool-responder', port: 80 };
  const spec = { listeners: [{ name: 'http', port: 80, protocol: 'HTTP', defaultBackend }] };
  await kubectl(
    ['apply', '-f', '-'],
    list([routeTo('one'), sharedBalancer({ namespace: 'edge', name: 'public', spec })]),
  );
  address = await waitFor('the balancer is Ready', 600, async () => {
    const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.address}';
    const [is, at] = (await kubectl(['get', 'sbal', 'public', '-n', 'edge', '-o', path])).split(' ');
    return is === 'True' ? at : undefined;
  });
  // ACTIVE is not yet serving: the pair decides first who holds the address
  await waitFor('the balancer answers', 240, async () => ((await unmatched(1))[0]?.status === 404 ? true : undefined));
}, 3_600_000);

afterAll(async () => {
  if (world === undefined) return;
  try {
    await noBalancer();
  } finally {
    const { nodes } = world.nodes;
    await world.stop();
    // a link that stays would take the packets of a later Pod with its address
    expect((await Promise.all(nodes.map(podLinks))).flat()).toEqual([]);
    await credential?.revoke();
  }
}, 600_000);

async function noBalancer(): Promise<void> {
  await world.cluster.kubectl(['delete', 'svcr,sbal', '--all', '-A', '--wait=false']);
  await waitFor('no SharedBalancer is left', 240, async () =>
    (await world.cluster.kubectl(['get', 'sbal', '-A', '-o', 'name'])) === '' ? true : undefined,
  );
}

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
      spec: z.object({ nodeName: z.string().default('') }),
      status: z.object({ containerStatuses: z.array(z.object({ ready: z.boolean() })).default([]) }),
    }),
  ),
});

async function readyPods() {
  const get = ['get', 'pods', '-n', 'edge', '-l', 'app.kubernetes.io/name=octopool-responder', '-o', 'json'];
  const { items } = podsSchema.parse(JSON.parse(await world.cluster.kubectl(get)));
  const isReady = ({ metadata, status }: (typeof items)[number]) =>
    metadata.deletionTimestamp === undefined && status.containerStatuses.some((one) => one.ready);
  return { all: items.length, ready: items.filter(isReady) };
}

/** Answers when there are two Pods, Ready, and none that is still ending. */
function ready() {
  return waitFor('two Pods of the responder are Ready', 240, async () => {
    const pods = await readyPods();
    return pods.all === 2 && pods.ready.length === 2 ? pods.ready : undefined;
  });
}

/** So many requests for a name that no route has, on one connection. */
function unmatched(times: number): Promise<readonly Answer[]> {
  return askAll(world.lab, { address, host: 'nobody.example.com', path: '/apple' }, times);
}

function counted(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const each = [...Map.groupBy(answers, ({ status }) => status)];
  return Object.fromEntries(each.map(([status, all]) => [status, all.length]));
}

/** All answers that somebody gets who asks from before a change until the Pods that it takes have ended, and others are Ready. */
async function answersDuring(taken: readonly string[], change: () => Promise<unknown>): Promise<readonly Answer[]> {
  const answers: Answer[] = [...(await unmatched(50))];
  await change();
  await waitFor('the Pods are replaced', 240, async () => {
    answers.push(...(await unmatched(50)));
    const pods = await readyPods();
    const isReplaced = !pods.ready.some(({ metadata }) => taken.includes(metadata.name));
    return isReplaced && pods.all === 2 && pods.ready.length === 2 ? true : undefined;
  }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await whatPodsSay()}`, { cause: error });
  });
  return [...answers, ...(await unmatched(50))];
}

/** For a failure: how they stand, and their events. */
async function whatPodsSay(): Promise<string> {
  const { kubectl } = world.cluster;
  return `${await kubectl(['get', 'pods', '-n', 'edge', '-o', 'wide'])}\n${await kubectl(['events', '-n', 'edge'])}`;
}

const nameOf = ({ metadata }: { readonly metadata: { readonly name: string } }): string => metadata.name;

test('two Pods run on two nodes, each as nobody, on a root that it cannot write, without a token', async () => {
  const pods = await ready();
  expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(2);
  const script = `
    const fs = require('fs');
    const refused = (path) => { try { fs.writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
    const status = Object.fromEntries(fs.readFileSync('/proc/1/status', 'utf8').split('\\n').map((line) => line.split(':\\t')));
    console.log(JSON.stringify({ user: [process.getuid(), process.getgid()], root: refused('/x'), capabilities: [status.CapEff, status.CapBnd],
      noNewPrivileges: status.NoNewPrivs, seccomp: status.Seccomp, token: fs.existsSync('/var/run/secrets/kubernetes.io') }));`;
  for (const { metadata } of pods) {
    const exec = ['exec', '-n', 'edge', metadata.name, '--', 'node', '-e', script];
    expect(JSON.parse(await world.cluster.kubectl(exec))).toEqual({
      user: [65532, 65532],
      root: 'EROFS',
      capabilities: ['0000000000000000', '0000000000000000'],
      noNewPrivileges: '1',
      seccomp: '2',
      token: false,
    });
  }
}, 300_000);

test('a host that a route has gets its backend, any other 404', async () => {
  const [matched] = await askAll(world.lab, { address, host: 'one.example.com' }, 1);
  expect(matched?.status).toBe(200);
  expect(z.object({ pod: z.string() }).parse(JSON.parse(matched?.body ?? '')).pod).toMatch(/^shop-/);
  for (const { status, body } of await unmatched(20))
    expect([status, body.trim()]).toEqual([404, 'no route for this host and path']);
}, 300_000);

test('when one of the Pods is deleted, every request still gets 404', async () => {
  const one = (await ready()).map(nameOf).slice(0, 1);
  const remove = ['delete', 'pod', '-n', 'edge', ...one, '--wait=false'];
  const answers = await answersDuring(one, () => world.cluster.kubectl(remove));
  expect(counted(answers)).toEqual({ 404: answers.length });
}, 600_000);

test('through a rolling update of both Pods, every request gets 404', async () => {
  const restart = ['rollout', 'restart', 'deployment/octopool-responder', '-n', 'edge'];
  const answers = await answersDuring((await ready()).map(nameOf), () => world.cluster.kubectl(restart));
  expect(counted(answers)).toEqual({ 404: answers.length });
}, 600_000);
