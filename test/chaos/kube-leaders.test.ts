import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { type OperatorProcess, type OperatorProcessOptions, startOperator } from '../support/operator-process.ts';
import { kubeWorld, type KubeWorld, writesSince } from './support/kube-world.ts';
import { freshToken } from './support/kubeconfig-through.ts';
import { operatorHealth } from './support/operator-health.ts';
import { watchOf } from './support/proxy-faults.ts';

/**
 * Two operators, and the one that leads is frozen in the middle of a pass for longer than its lease lasts: when it goes on, the
 * answer that it waited for comes in before any timer tells it that it does not lead, and only the fence before its writes stops them.
 */

interface Candidate {
  /** By which the proxy tells its requests from the other's. */
  readonly token: string;
  readonly options: OperatorProcessOptions;
  readonly process: OperatorProcess;
}

let world: KubeWorld;
let candidates: readonly Candidate[] = [];

beforeAll(async () => {
  world = await kubeWorld();
  const preload = new URL('support/late-timers.ts', import.meta.url).href;
  for (const name of ['one', 'two']) {
    const options = { ...(await world.operatorOptions(name)), env: { NODE_OPTIONS: `--import=${preload}` } };
    const token = await freshToken(world.cluster);
    await writeFile(join(options.dir, 'token'), token);
    candidates = [...candidates, { token, options, process: await startOperator(options) }];
  }
  await world.allReady();
}, 3_600_000);

afterEach(async () => {
  world.fake.clearFaults();
  await world.proxy.heal();
  for (const { process: one } of candidates) process.kill(one.pid, 'SIGCONT');
});

afterAll(async () => {
  await Promise.all(candidates.map((candidate) => candidate.process.stop()));
  await world?.stop();
}, 120_000);

async function leaderAndStandby(): Promise<readonly [Candidate, Candidate]> {
  return waitFor('one of two leads', 60, async () => {
    const leads = await Promise.all(candidates.map(async ({ options }) => (await operatorHealth(options)).leads));
    const leader = candidates[leads.indexOf(true)];
    const standby = candidates[leads.indexOf(false)];
    return leader === undefined || standby === undefined ? undefined : [leader, standby];
  });
}

/** Waits until a fault holds a request of the leader, and freezes it there. */
async function freezeWhenHeld(leader: Candidate): Promise<void> {
  await waitFor('a request is held', 60, async () => (world.fake.held > 0 ? true : undefined));
  process.kill(leader.process.pid, 'SIGSTOP');
}

/** What was held is answered, and the frozen process goes on; answers when it knows that it does not lead. */
async function thaw(frozen: Candidate): Promise<void> {
  world.fake.release();
  process.kill(frozen.process.pid, 'SIGCONT');
  await waitFor('it knows that it does not lead', 60, async () => {
    const log = await readFile(join(frozen.options.dir, 'operator.log'), 'utf8');
    return log.includes('"message":"leadership lost"') && !(await operatorHealth(frozen.options)).leads
      ? true
      : undefined;
  });
}

/** Names that stand more than once. */
function doubled(names: readonly string[]): readonly string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}

test('a leader that was frozen with an old picture of the cloud makes nothing a second time', async () => {
  const { fake, addRoute, routeIs, passDone } = world;
  const [leader] = await leaderAndStandby();
  // the last answer that a pass waits for before it decides
  fake.fault({
    method: 'GET',
    service: 'neutron',
    path: '^/v2.0/floatingips',
    when: 'after',
    action: { kind: 'hold' },
  });
  await addRoute('late');
  await freezeWhenHeld(leader);
  await routeIs('late', 'True');
  const position = fake.calls.length;
  await thaw(leader);
  await passDone();
  expect(writesSince(fake, position)).toEqual([]);
  const { tables } = fake.world.octavia;
  expect(doubled(tables.pool.all().map(({ name }) => name))).toEqual([]);
  expect(tables.loadbalancer.all().length).toBe(1);
}, 200_000);

test('a leader that was frozen while it deletes leaves the rest to the next, and what was made since alone', async () => {
  const { fake, addRoute, removeRoute, routeIs, passDone } = world;
  const [leader] = await leaderAndStandby();
  const { pool } = fake.world.octavia.tables;
  await addRoute('leaving');
  await routeIs('leaving', 'True');
  const before = pool.all().length;
  fake.fault({ method: 'DELETE', path: '/l7policies/', when: 'after', action: { kind: 'hold' } });
  await removeRoute('leaving');
  await freezeWhenHeld(leader);
  expect(pool.all().length).toBe(before);
  await waitFor('the next leader removes the rest', 90, async () => (pool.all().length < before ? true : undefined));
  await addRoute('leaving');
  await routeIs('leaving', 'True');
  const position = fake.calls.length;
  await thaw(leader);
  await passDone();
  // the one that was held; the cloud writes a call down when it answers
  expect(writesSince(fake, position)).toEqual(['DELETE /v2/lbaas/l7policies/{id}']);
  expect(await routeIs('leaving', 'True')).toBe('Ready');
}, 200_000);

test('a standby that heard nothing of a new route, and of its own deafness, removes nothing when it comes to lead', async () => {
  const { fake, proxy, addRoute, routeIs, passDone, allReady } = world;
  const [leader, standby] = await leaderAndStandby();
  const silent = proxy.inject({
    on: (asked) => watchOf('serviceroutes')(asked) && asked.authorization === `Bearer ${standby.token}`,
    fault: { kind: 'silent' },
  });
  proxy.cutWatches('serviceroutes');
  await waitFor('the standby is deaf', 60, async () => (silent.hits > 0 ? true : undefined));
  await addRoute('unheard');
  await routeIs('unheard', 'True');
  const position = fake.calls.length;
  silent.end();
  process.kill(leader.process.pid, 'SIGSTOP');
  await waitFor('the standby leads', 90, async () =>
    (await operatorHealth(standby.options)).leads ? true : undefined,
  );
  await passDone();
  await allReady();
  expect(writesSince(fake, position)).toEqual([]);
}, 200_000);
