import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
let start: number;
let first: ApplicationCredential;
let second: ApplicationCredential;

beforeAll(async () => {
  world = await openWorld(progress);
  start = await logPosition(world.lab.accessLog);
  first = await applicationCredential(world.lab, 'shipped-first');
  second = await applicationCredential(world.lab, 'shipped-second');
}, 3_600_000);

afterAll(async () => {
  await emptyCloud().catch(() => undefined); // what a test that failed left; else there is nothing, not even the cluster
  await world?.stop();
  await first?.revoke().catch(() => undefined); // a test did already
  await second?.revoke();
}, 600_000);

async function emptyCloud(): Promise<void> {
  const { kubectl } = world.cluster;
  await kubectl(['delete', 'svcr,sbal', '--all', '-A', '--wait=false']);
  await protect(false);
  await gone();
}

function protect(on: boolean): Promise<string> {
  const patch = JSON.stringify({ spec: { lifecycle: { deletionProtection: on } } });
  return world.cluster.kubectl(['patch', ...balancer, '--type=merge', '-p', patch]);
}

function gone(): Promise<true> {
  return waitFor('no SharedBalancer is left', 240, async () =>
    (await world.cluster.kubectl(['get', 'sbal', '-A', '-o', 'name'])) === '' ? true : undefined,
  );
}

const apply = (...items: Parameters<typeof list>[0]) => world.cluster.kubectl(['apply', '-f', '-'], list(items));
const field = (object: readonly string[], path: string) =>
  world.cluster.kubectl(['get', ...object, '-o', `jsonpath={${path}}`]);
const balancer = ['sbal', 'public', '-n', 'edge'];
const deletingReason = '.status.conditions[?(@.type=="Deleting")].reason';

/** The calls of the operator that a change caused, when all is Ready again. */
async function callsOf(change: () => Promise<unknown>): Promise<readonly Call[]> {
  const { lab, view, cluster } = world;
  const since = await logPosition(lab.accessLog);
  await change();
  return settled({ controlPlane: cluster, view, accessLog: lab.accessLog, since, agent });
}

/** How often each kind of object was made, in all services. */
function made(calls: readonly Call[]): Readonly<Record<string, number>> {
  return counted(calls, 'POST', (kind) => kind);
}

function counted(calls: readonly Call[], method: 'POST' | 'DELETE', kindOf: (path: string) => string) {
  const done = calls.filter((call) => call.method === method && call.status < 300);
  const kinds = done.map(({ path }) =>
    kindOf(path.replaceAll(/[0-9a-f-]{36}/g, '{id}').replace(/^\/v2(\.0|\/lbaas)/, '')),
  );
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
}

/** What so many routes by hostname are made of, on a balancer that runs. */
function routesMade(count: number): Readonly<Record<string, number>> {
  return { '/pools': count, '/healthmonitors': count, '/l7policies': count, '/l7policies/{id}/rules': count };
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

test('two routes and their balancer come up in one create, and each host is answered', async () => {
  const calls = await callsOf(() =>
    apply(routeTo('one'), routeTo('two'), sharedBalancer({ namespace: 'edge', name: 'public' })),
  );
  expect(octaviaCalls(calls).writes.map(({ path }) => path)).toEqual(['/v2/lbaas/loadbalancers']);
  expect(made(calls)).toEqual({
    '/loadbalancers': 1,
    '/ports': 1,
    '/floatingips': 1,
    '/security-groups': 1,
    '/security-group-rules': 1,
  });
  await answered('one', 'two');
}, 900_000);

test('when the cloud refuses credentials that were exchanged in the Secret, the new ones are used without a restart', async () => {
  const { lab, octopool } = world;
  const before = await octopool.ready(2);
  await octopool.exchangeCredentials(second.cloudsYaml);
  const since = await logPosition(lab.accessLog);
  await first.revoke();
  // the cloud's services remember for a while that they knew a token: the lab's for 30 seconds (token_cache_time), others for 5 minutes
  await waitFor('a token of the old ones is refused', 900, async () =>
    (await callsSince(lab.accessLog, since, agent)).some(({ status }) => status === 401) ? true : undefined,
  );
  expect(made(await callsOf(() => apply(routeTo('zero'))))).toEqual(routesMade(1));
  await answered('zero');
  expect(await octopool.ready(2)).toEqual(before);
}, 1_800_000);

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
  expect(made(calls)).toEqual(routesMade(2));
  expect(await octopool.holder()).not.toBe(before);
  await answered('one', 'two', 'three', 'four');
}, 600_000);

test('a leader whose Pod is deleted hands over, and the next change is programmed once', async () => {
  const { cluster, octopool } = world;
  const before = await octopool.holder();
  await cluster.kubectl(['delete', 'pod', '-n', 'octopool-system', before.split('_')[0] ?? '']);
  await octopool.ready(2);
  await waitFor('another leads', 60, async () => (['', before].includes(await octopool.holder()) ? undefined : true));
  expect(made(await callsOf(() => apply(routeTo('five'))))).toEqual(routesMade(1));
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
      '1 SharedBalancers and 0 Services with their own load balancer, 1 released, 0 failed',
    ],
  });
  expect(await field(balancer, '.metadata.finalizers')).toBe('');
  await cluster.kubectl(['delete', 'namespace', 'octopool-system', '--timeout=55s']);
  await cluster.kubectl(['delete', 'clusterrolebinding', 'octopool-operator']);
  const roles = ['operator', 'view', 'routes-edit', 'balancers-edit'].map((name) => `octopool-${name}`);
  await cluster.kubectl(['delete', 'clusterrole', ...roles]);
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
  const ids = async () => (await view.loadBalancers()).map(({ id }) => id);
  const loadBalancer = await field(balancer, '.status.loadBalancerID');
  await protect(true);
  await cluster.kubectl(['delete', 'svcr', '--all', '-n', 'team-a']);
  await cluster.kubectl(['delete', ...balancer, '--wait=false']);
  await waitFor('it says what holds it', 120, async () =>
    (await field(balancer, deletingReason)) === 'DeletionProtected' ? true : undefined,
  );
  expect(await ids()).toContain(loadBalancer);
  await protect(false);
  await gone();
  expect(await ids()).not.toContain(loadBalancer);
}, 600_000);

test('its account was never refused anything, and did all of this by itself', async () => {
  const lines = (await readFile(world.cluster.auditLogPath, 'utf8')).trim().split('\n');
  const own = lines.map((line) => auditSchema.parse(JSON.parse(line))).filter(({ user }) => user.username === account);
  expect(own.length).toBeGreaterThan(100);
  expect(own.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
});

test('nothing is left: neither in the cloud nor on the machine', async () => {
  const { lab, cluster } = world;
  const kinds = ['/loadbalancers', '/ports', '/floatingips', '/security-groups'];
  const left = await waitFor('all that was made is deleted', 120, async () => {
    const calls = await callsSince(lab.accessLog, start, agent);
    const deleted = counted(calls, 'DELETE', (path) => path.replace('/{id}', ''));
    return kinds.every((kind) => deleted[kind] === made(calls)[kind]) ? deleted : undefined;
  });
  expect(left).toMatchObject(Object.fromEntries(kinds.map((kind) => [kind, 1])));
  await world.stop();
  const lines = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(lines.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  expect(commands.filter((command) => command.includes(cluster.dir))).toEqual([]);
  expect(await readFile('/proc/mounts', 'utf8')).not.toContain(cluster.dir);
}, 300_000);

const account = 'system:serviceaccount:octopool-system:octopool-operator';
const auditSchema = z.object({
  user: z.object({ username: z.string() }),
  verb: z.string(),
  requestURI: z.string(),
  responseStatus: z.object({ code: z.number() }).optional(),
});
