import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { z } from 'zod';
import { waitFor } from '../kubernetes/wait.ts';
import { octopoolImage } from '../image/octopool-image.ts';
import { type Call, callsSince, logPosition, octaviaCalls } from '../openstack/access-log.ts';
import { type ApplicationCredential, applicationCredential } from '../openstack/application-credential.ts';
import { list, sharedBalancer } from '../support/manifests.ts';
import { settled } from '../support/settled.ts';
import { openWorld, routeTo, type World } from './shipped/world.ts';

/** What ships, as it ships: the image in two Pods on real nodes, under its own account, and a cloud that counts. */

const agent = 'octopool/';
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
let world: World;
let first: ApplicationCredential;
let second: ApplicationCredential;

beforeAll(async () => {
  world = await openWorld(progress);
  first = await applicationCredential(world.lab, 'shipped-first');
  second = await applicationCredential(world.lab, 'shipped-second');
}, 3_600_000);

afterAll(async () => {
  const kubectl = world?.cluster.kubectl;
  await kubectl?.(['delete', 'svcr,sbal', '--all', '-A', '--wait=false']).catch(() => '');
  await waitFor('no SharedBalancer is left', 240, async () =>
    (await kubectl?.(['get', 'sbal', '-A', '-o', 'name']).catch(() => '')) === '' ? true : undefined,
  ).catch(() => undefined);
  await world?.stop();
  await first?.revoke().catch(() => undefined);
  await second?.revoke().catch(() => undefined);
}, 600_000);

const apply = (...items: Parameters<typeof list>[0]) => world.cluster.kubectl(['apply', '-f', '-'], list(items));
const field = (object: readonly string[], path: string) =>
  world.cluster.kubectl(['get', ...object, '-o', `jsonpath={${path}}`]);
const balancer = ['sbal', 'public', '-n', 'edge'];
const readyReason = '.status.conditions[?(@.type=="Ready")].reason';

/** The calls of the operator that a change caused, when all is Ready again. */
async function callsOf(change: () => Promise<unknown>): Promise<readonly Call[]> {
  const { lab, view, cluster } = world;
  const since = await logPosition(lab.accessLog);
  await change();
  return settled({ controlPlane: cluster, view, accessLog: lab.accessLog, since, agent });
}

/** How often each kind of object was made, in all services. */
function made(calls: readonly Call[]): Readonly<Record<string, number>> {
  const posts = calls.filter(({ method, status }) => method === 'POST' && status < 300);
  const kinds = posts.map(({ path }) => path.replaceAll(/[0-9a-f-]{36}/g, '{id}').replace(/^\/v2(\.0|\/lbaas)/, ''));
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
}

async function answered(...hosts: readonly string[]): Promise<void> {
  const address = await field(balancer, '.status.address');
  for (const host of hosts) {
    const curl = ['curl', '-s', '-m', '5', '-H', `Host: ${host}.example.com`, `http://${address}/`];
    const pod = await waitFor(`${host} is answered`, 180, async () => {
      const text = await world.lab.client(curl).catch(() => '');
      return text.startsWith('{') ? z.object({ pod: z.string() }).parse(JSON.parse(text)).pod : undefined;
    });
    expect(pod).toMatch(/^shop-/);
  }
}

test('two Pods become Ready on two nodes, one of them leads, and each runs as nobody on a root that it cannot write', async () => {
  await world.octopool.install(first.cloudsYaml);
  const pods = await world.octopool.ready(2);
  expect(new Set(pods.map(({ node }) => node)).size).toBe(2);
  const [holder] = (await world.octopool.holder()).split('_');
  expect(pods.map(({ name }) => name)).toContain(holder);
  const script = `
    const fs = require('fs');
    const refused = (path) => { try { fs.writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
    const status = Object.fromEntries(fs.readFileSync('/proc/1/status', 'utf8').split('\\n').map((line) => line.split(':\\t')));
    console.log(JSON.stringify({ user: [process.getuid(), process.getgid()], root: refused('/x'), program: refused('/opt/octopool/octopool.mjs'),
      capabilities: [status.CapEff, status.CapBnd], noNewPrivileges: status.NoNewPrivs, seccomp: status.Seccomp, kubeconfig: process.env.KUBECONFIG ?? 'none' }));`;
  for (const { name } of pods)
    expect(JSON.parse(await world.octopool.inside(name, script))).toEqual({
      user: [65532, 65532],
      root: 'EROFS',
      program: 'EROFS',
      capabilities: ['0000000000000000', '0000000000000000'],
      noNewPrivileges: '1',
      seccomp: '2',
      kubeconfig: 'none',
    });
}, 600_000);

test('credentials that are exchanged in the Secret are used without a restart when the cloud refuses the old ones', async () => {
  const before = await world.octopool.ready(2);
  await world.octopool.exchangeCredentials(second.cloudsYaml);
  await first.revoke();
  const calls = await callsOf(() =>
    apply(routeTo('one'), routeTo('two'), sharedBalancer({ namespace: 'edge', name: 'public' })),
  );
  expect(calls.some(({ status }) => status === 401)).toBe(true);
  expect(await world.octopool.ready(2)).toEqual(before);
  expect(
    octaviaCalls(calls)
      .writes.filter(({ status }) => status < 300)
      .map(({ path }) => path),
  ).toEqual(['/v2/lbaas/loadbalancers']);
  expect(made(calls)).toEqual({ '/loadbalancers': 1 });
  await answered('one', 'two');
}, 900_000);

test('killed in the middle of a change, another process goes on with it and makes nothing twice', async () => {
  const { lab, octopool } = world;
  const before = await octopool.holder();
  const leader = (await octopool.ready(2)).find(({ name }) => before.startsWith(`${name}_`));
  if (leader === undefined) throw new Error('the leader is one of the Pods');
  const calls = await callsOf(async () => {
    const since = await logPosition(lab.accessLog);
    await apply(routeTo('three'), routeTo('four'));
    await waitFor('the first object is made', 60, async () =>
      Object.keys(made(await callsSince(lab.accessLog, since, agent))).length > 0 ? true : undefined,
    );
    await octopool.kill(leader);
  });
  expect(made(calls)).toEqual({ '/pools': 2, '/pools/{id}/healthmonitors': 2, '/l7policies': 2 });
  expect(await octopool.holder()).not.toBe(before);
  await answered('one', 'two', 'three', 'four');
}, 600_000);

test('a leader whose Pod is deleted hands over, and the next change is programmed once', async () => {
  const { cluster, octopool } = world;
  const before = await octopool.holder();
  await cluster.kubectl(['delete', 'pod', '-n', 'octopool-system', before.split('_')[0] ?? '']);
  await octopool.ready(2);
  await waitFor('another leads', 60, async () => (['', before].includes(await octopool.holder()) ? undefined : true));
  expect(made(await callsOf(() => apply(routeTo('five'))))).toEqual({ '/pools': 1, '/l7policies': 1 });
  await answered('one', 'five');
}, 600_000);

test('while an operator leads, release refuses; without one it lets go, the cloud serves on, and a new installation finds its own without a write', async () => {
  const { cluster, octopool } = world;
  const loadBalancer = await field(balancer, '.status.loadBalancerID');
  expect(await release()).toEqual({
    succeeded: false,
    log: [expect.stringMatching(/^octopool: the operator octopool-operator-\S+ runs and would put the finalizers on/)],
  });
  await octopool.scale(0);
  expect(await release()).toEqual({
    succeeded: true,
    log: [
      `edge/public: released; load balancer ${loadBalancer} stays as it is`,
      '1 SharedBalancers, 1 released, 0 failed',
    ],
  });
  expect(await field(balancer, '.metadata.finalizers')).toBe('');
  await cluster.kubectl(['delete', 'namespace', 'octopool-system', '--timeout=55s']);
  await cluster.kubectl(['delete', 'clusterrole,clusterrolebinding', 'octopool-operator']);
  await answered('one', 'five');
  const calls = await callsOf(async () => {
    await octopool.install(second.cloudsYaml);
    await waitFor('the finalizer is on again', 120, async () =>
      (await field(balancer, '.metadata.finalizers')) === '["octopool.dev/balancer"]' ? true : undefined,
    );
  });
  expect(octaviaCalls(calls).writes).toEqual([]);
  expect(await field(balancer, '.status.loadBalancerID')).toBe(loadBalancer);
  await answered('one', 'five');
}, 900_000);

/** The Job that ships as an example, with the image of this checkout. */
async function release(): Promise<{ readonly succeeded: boolean; readonly log: readonly string[] }> {
  const { kubectl } = world.cluster;
  const text = await readFile(join(import.meta.dirname, '../../deploy/examples/release-job.yaml'), 'utf8');
  const job = ['job/octopool-release', '-n', 'octopool-system'];
  await kubectl(['delete', ...job, '--ignore-not-found']);
  const once = text
    .replace('image: octopool:latest', `image: ${octopoolImage}`)
    .replace('backoffLimit: 3', 'backoffLimit: 0');
  await kubectl(['apply', '-f', '-'], once);
  const ended = await waitFor('the Job has ended', 120, async () => {
    const counts = await field(job, '.status.succeeded},{.status.failed');
    return counts === ',' ? undefined : counts;
  });
  const log = await kubectl(['logs', ...job]);
  return { succeeded: ended === '1,', log: log.trim().split('\n') };
}

test('deletion protection holds a deletion, and lets it go when it is taken away', async () => {
  const { cluster, view } = world;
  const protect = (on: boolean) =>
    cluster.kubectl([
      'patch',
      ...balancer,
      '--type=merge',
      '-p',
      stringify({ spec: { lifecycle: { deletionProtection: on } } }),
    ]);
  await protect(true);
  await cluster.kubectl(['delete', 'svcr', '--all', '-n', 'team-a']);
  await cluster.kubectl(['delete', ...balancer, '--wait=false']);
  await waitFor('it says what holds it', 120, async () =>
    (await field(balancer, readyReason)) === 'DeletionProtected' ? true : undefined,
  );
  expect((await view.loadBalancers()).length).toBe(1);
  await protect(false);
  await waitFor('it is gone', 240, async () =>
    (await cluster.kubectl(['get', 'sbal', '-A', '-o', 'name'])) === '' ? true : undefined,
  );
  expect(await view.loadBalancers()).toEqual([]);
}, 600_000);

test('its account was never refused anything, and did all of this by itself', async () => {
  const lines = (await readFile(world.cluster.auditLogPath, 'utf8')).trim().split('\n');
  const own = lines.map((line) => auditSchema.parse(JSON.parse(line))).filter(({ user }) => user.username === account);
  expect(own.length).toBeGreaterThan(100);
  expect(own.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
});

const account = 'system:serviceaccount:octopool-system:octopool-operator';
const auditSchema = z.object({
  user: z.object({ username: z.string() }),
  verb: z.string(),
  requestURI: z.string(),
  responseStatus: z.object({ code: z.number() }).optional(),
});
