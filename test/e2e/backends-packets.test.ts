import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { haproxyConfigs, section } from '../openstack/rendered.ts';
import { namespace } from '../support/manifests.ts';
import { balancer, hostOf, leaving, ports, routes, services } from './backends/routes.ts';
import { type Answer, ask, askAll, type Request } from './support/ask.ts';
import { poolNamed } from './support/cloud-objects.ts';
import { addressOf, loadBalancerOf, programmed } from './support/objects.ts';
import { openWorld, type World } from './support/world.ts';

/** Every word about backends, told by which node and which port requests reach through a real HAProxy. */

const nodes = ['node-1', 'node-2', 'node-3'] as const;
let world: World;
let address: string;
let loadBalancer: string;

beforeAll(async () => {
  world = await openWorld({ echoPorts: Object.values(ports) });
  await label('node-1', 'yes');
  await world.apply(...['edge', 'team-a'].map(namespace), ...services, ...routes, balancer);
  await programmed(world);
  [address, loadBalancer] = await Promise.all([addressOf(world), loadBalancerOf(world)]);
  await ask(world.lab, { address, host: hostOf('weighted') });
}, 3_600_000);

afterAll(() => world?.stop(), 420_000);

function label(node: string, value: 'yes' | 'no'): Promise<string> {
  return world.cluster.kubectl(['label', 'node', node, `${leaving}=${value}`, '--overwrite']);
}

function many(route: string, times: number, more: Partial<Request> = {}): Promise<readonly Answer[]> {
  return askAll(world.lab, { address, host: hostOf(route), ...more }, times);
}

const nodesOf = (answers: readonly Answer[]) =>
  [...new Set(answers.map(({ echo }) => echo?.node ?? 'nobody'))].toSorted();
const portsOf = (answers: readonly Answer[]) => [...new Set(answers.map(({ echo }) => String(echo?.port)))].toSorted();

/** Until ten requests reach just these. */
function reach(
  wanted: readonly (string | number)[],
  route: string,
  of: (answers: readonly Answer[]) => readonly string[],
): Promise<true> {
  return waitFor(`requests to ${route} reach ${wanted.join(', ')} alone`, 120, async () =>
    of(await many(route, 10)).join() === wanted.join() ? true : undefined,
  );
}

/** Of a route's pool in the configuration of each amphora. */
async function balanceLines(route: string): Promise<readonly (string | undefined)[]> {
  const { id } = await poolNamed(world, loadBalancer, `team-a/${route}/all`);
  const configs = await haproxyConfigs(loadBalancer);
  return configs.map((config) => section(config, `backend ${id}:`).find((line) => line.startsWith('balance ')));
}

/** The servers of a route's pool as both amphorae have them: `<address>:<port>` and weight; undefined while they differ. */
async function servers(route: string): Promise<Readonly<Record<string, number>> | undefined> {
  const { id } = await poolNamed(world, loadBalancer, `team-a/${route}/all`);
  const found = (await haproxyConfigs(loadBalancer)).map((config) =>
    Object.fromEntries(
      section(config, `backend ${id}:`).flatMap((line) => {
        const [, at, weight] = /^server \S+ (\S+) weight (\d+)/.exec(line) ?? [];
        return at === undefined ? [] : [[at, Number(weight)]];
      }),
    ),
  );
  const [first = {}, second] = found;
  return isDeepStrictEqual(first, second) ? first : undefined; // a change under way says nothing yet
}

describe('who gets how much', () => {
  test('weights 90:10 are shares of the requests, however many nodes each backend has', async () => {
    const answers = await many('weighted', 600);
    const counts = Map.groupBy(answers, ({ echo }) => echo?.port ?? 0);
    const canary = counts.get(ports.canary)?.length ?? 0;
    expect((counts.get(ports.main)?.length ?? 0) + canary).toBe(600);
    // 60 expected; by chance alone fewer than 30 or more than 90 would come once in ten thousand runs
    expect(canary).toBeGreaterThanOrEqual(30);
    expect(canary).toBeLessThanOrEqual(90);
  });

  test('algorithms are in the configuration that HAProxy runs with', async () => {
    expect(await Promise.all(['weighted', 'watched', 'one-node'].map(balanceLines))).toEqual([
      ['balance roundrobin', 'balance roundrobin'],
      ['balance leastconn', 'balance leastconn'],
      ['balance source', 'balance source'],
    ]);
  });

  test('maxNodes bounds the nodes that serve, nodeSelector chooses them', async () => {
    expect(nodesOf(await many('one-node', 12)).length).toBe(1);
    expect(nodesOf(await many('leaving', 12))).toEqual(['node-1']);
  });
});

describe('who stays where', () => {
  test('SourceIP keeps each client on one node, on whatever connection', async () => {
    for (const from of world.clients) {
      const seen: Answer[] = [];
      for (let turn = 0; turn < 5; turn += 1) seen.push(...(await many('by-source', 2, { from })));
      expect(nodesOf(seen).length).toBe(1);
    }
  });

  test('HTTPCookie keeps who sends the cookie of the balancer on one node, and nobody else', async () => {
    const { cookie, echo } = await ask(world.lab, { address, host: hostOf('by-cookie') });
    const [pair = ''] = cookie.split(';');
    expect(pair).toMatch(/^SRV=/);
    expect(nodesOf(await many('by-cookie', 12, { cookies: pair }))).toEqual([echo?.node]);
    expect(nodesOf(await many('by-cookie', 12))).toEqual([...nodes]);
  });

  test('AppCookie keeps who sends the cookie of the application on one node, and nobody else', async () => {
    const path = '/setcookie/JSESSIONID/one-session';
    const { cookie, echo } = await ask(world.lab, { address, host: hostOf('by-app'), path });
    expect(cookie).toBe('JSESSIONID=one-session');
    expect(nodesOf(await many('by-app', 12, { cookies: cookie }))).toEqual([echo?.node]);
    expect(nodesOf(await many('by-app', 12))).toEqual([...nodes]);
  });

  test('by proxyProtocol V2 a member learns the address of the client, and no X-Forwarded-For', async () => {
    const from = world.clients[1] ?? '';
    const { echo } = await ask(world.lab, { address, host: hostOf('headed'), from });
    expect(echo?.proxy).toMatchObject({ version: 2, src: from });
    expect(echo?.headers.map(([name]) => name.toLowerCase())).not.toContain('x-forwarded-for');
  });
});

describe('who is well', () => {
  test('an HTTP monitor takes a sick node out, and brings it back when it is well', async () => {
    await reach(nodes, 'watched', nodesOf);
    await world.echo.say('node-2', { ports: { [ports.main]: { status: 500 } } });
    await reach(['node-1', 'node-3'], 'watched', nodesOf);
    const answers = await many('watched', 30);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(nodesOf(answers)).toEqual(['node-1', 'node-3']);
    await world.echo.say('node-2', {});
    await reach(nodes, 'watched', nodesOf);
  }, 400_000);

  test('a Backup serves only while no Active member is up', async () => {
    const sick = { ports: { [ports.shaky]: { status: 500 } } };
    await reach([ports.shaky], 'backed', portsOf);
    await Promise.all(nodes.slice(1).map((node) => world.echo.say(node, sick)));
    await reach(['node-1'], 'backed', nodesOf);
    expect(portsOf(await many('backed', 30))).toEqual([String(ports.shaky)]);
    await world.echo.say('node-1', sick);
    await reach([ports.spare], 'backed', portsOf);
    await Promise.all(nodes.map((node) => world.echo.say(node, {})));
    await reach([ports.shaky], 'backed', portsOf);
  }, 600_000);
});

test('a node that leaves gets no new request, ends the one that it has, and is then removed', async () => {
  const [first, second] = world.lab.nodes.map(({ ip }) => `${ip}:${ports.leaving}`);
  if (first === undefined || second === undefined) throw new Error('the lab has three nodes');
  expect(await waitFor('both amphorae have the pool', 60, () => servers('leaving'))).toEqual({ [first]: 1 });
  const held = askAll(world.lab, { address, host: hostOf('leaving'), path: '/hold', seconds: 240 }, 1);
  await label('node-2', 'yes');
  await label('node-1', 'no');
  const draining = { [first]: 0, [second]: 1 };
  const weights = await waitFor('the node drains', 120, async () => {
    const now = await servers('leaving');
    return now?.[first] === 0 ? now : undefined;
  });
  expect(weights).toEqual(draining);
  await reach(['node-2'], 'leaving', nodesOf);
  await world.echo.say('node-1', { release: true });
  const [ended] = await held;
  expect({ status: ended?.status, node: ended?.echo?.node }).toEqual({ status: 200, node: 'node-1' });
  const left = await waitFor('the drain is over', 180, async () => {
    const now = await servers('leaving');
    return now === undefined || first in now ? undefined : now;
  });
  expect(left).toEqual({ [second]: 1 });
}, 700_000);
