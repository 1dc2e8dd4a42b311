import { expect, test } from '@jest/globals';
import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import { OpenStackError } from 'openstack-sdk-lite/transport/errors';
import { decide, world } from '../../test/support/backends-world.ts';
import { httpListener, programmed, service } from '../../test/support/core-fixtures.ts';
import type { CloudId, Uid } from '../core/model/brand.ts';
import type { Snapshot } from '../core/model/snapshot.ts';
import { execute } from './execute.ts';

interface Pointer {
  readonly default_pool_id?: string | null;
  readonly redirect_pool_id?: string;
}

function pointer({ default_pool_id: pool, redirect_pool_id: target }: Pointer): string {
  return pool === null ? ' nowhere' : ` ${pool ?? target ?? ''}`.trimEnd();
}

/** An Octavia that is never busy, refuses what it is told to, and writes down what it was asked. */
function octavia(refuses: string): { readonly cloud: SdkCloud; readonly asked: string[] } {
  const asked: string[] = [];
  const answer = async (call: string): Promise<{ readonly id: string }> => {
    asked.push(call);
    if (call.startsWith(refuses))
      throw new OpenStackError({
        kind: 'http',
        status: 403,
        faultText: 'Quota has been met for resources: Pool',
        service: 'octavia',
      });
    return { id: 'made' };
  };
  const resource = (kind: string) => ({
    create: (body: Pointer) => answer(`create ${kind}${pointer(body)}`),
    update: (_: string, body: Pointer) => answer(`update ${kind}${pointer(body)}`),
    remove: (id: string) => answer(`remove ${kind} ${id}`),
  });
  const api = {
    pools: resource('pool'),
    listeners: resource('listener'),
    healthMonitors: resource('monitor'),
    l7Policies: resource('policy'),
    rulesOf: () => resource('rule'),
    membersOf: () => ({ replaceAll: () => answer('members') }),
    clock: { now: () => 0 },
    untilMutable: async () => ({ state: 'ACTIVE' }),
  };
  return { cloud: { octavia: api } as unknown as SdkCloud, asked };
}

async function sent(refuses: string, before: Snapshot, now: Snapshot): Promise<readonly string[]> {
  const { plan } = decide(now, programmed(decide(before).wanted));
  const { cloud, asked } = octavia(refuses);
  const order = { plan, loadBalancerID: 'lb' as never, budget: 1_000, fresh: { add: () => {} } };
  await execute(cloud, order, new AbortController().signal);
  return asked;
}

const proxied = { policy: { proxyProtocol: 'V2' } } as const;
const old = 'id:pool/uid-a-web-route';

test('a pool that something points to goes after that points to the new one', async () => {
  expect(await sent('nothing', world(), world(proxied))).toEqual([
    'create pool',
    'members',
    'create monitor',
    'update policy made',
    `remove pool ${old}/all`,
  ]);
});

test('when the new pool is refused, the old one keeps its requests', async () => {
  expect(await sent('create pool', world(), world(proxied))).toEqual(['create pool']);
  expect(await sent('create pool', world({ protocol: 'TCP' }), world({ ...proxied, protocol: 'TCP' }))).toEqual([
    'create pool',
  ]);
});

test('when the repointing is refused, the old pool stays', async () => {
  expect(await sent('update policy', world(), world(proxied))).toEqual([
    'create pool',
    'members',
    'create monitor',
    'update policy made',
  ]);
});

const services = [service('a', 'web', 30001), service('edge', 'landing', 30080)];
const plain = httpListener('http', 80);
const landing = { ...plain, defaultBackend: { service: 'landing', port: 80 } };

test('a default pool that is refused costs the listener nothing but that pool', async () => {
  const now = world({ services, spec: { listeners: [plain, { ...landing, name: 'extra', port: 81 }] } });
  const asked = await sent('create pool', world({ services }), now);
  expect(asked.filter((call) => call.startsWith('create'))).toEqual([
    'create pool',
    'create listener',
    'create policy id:pool/uid-a-web-route/all',
    'create rule',
  ]);
});

test('a default backend that is taken away is taken out of the listener before its pool goes', async () => {
  const before = world({ services, spec: { listeners: [landing] } });
  expect(await sent('nothing', before, world({ services, spec: { listeners: [plain] } }))).toEqual([
    'update listener nowhere',
    'remove pool id:pool/uid-balancer/default.http',
  ]);
});

test('when an exclusion is refused, the old ones of that policy stay: without them it would match too much', async () => {
  const policy = { id: 'p' as CloudId };
  const unit = { owner: 'o' as Uid, rule: 'r' };
  const rule = { type: 'PATH', compareType: 'EQUAL_TO', key: undefined, value: '/new', invert: true } as const;
  const old = { kind: 'deleteRule', policy, id: 'old' as CloudId, why: '', unit } as const;
  const plan = (after: 'nothing' | 'update') => ({
    operations: [{ kind: 'createRule', policy, rule, why: '', unit } as const, { ...old, after }],
    withheld: [],
    drifted: [],
  });
  const asked = async (after: 'nothing' | 'update'): Promise<readonly string[]> => {
    const { cloud, asked: calls } = octavia('create rule');
    await execute(
      cloud,
      { plan: plan(after), loadBalancerID: 'lb' as never, budget: 1_000, fresh: { add: () => {} } },
      new AbortController().signal,
    );
    return calls;
  };
  expect(await asked('update')).toEqual(['create rule']);
  expect(await asked('nothing')).toEqual(['create rule', 'remove rule old']);
});
