import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isOutcomeUnknown } from 'openstack-sdk-lite/transport/errors';
import { callsSince, octaviaCalls } from '../openstack/access-log.ts';
import { type Fixture, fixture } from './fixture.ts';

let on: Fixture;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fake-openstack-'));
  on = await fixture({ accessLog: join(dir, 'access.log') });
});
afterEach(async () => {
  await on.close();
  await rm(dir, { recursive: true });
});

const create = async () =>
  on.as('tenant-a').octavia.loadBalancers.create({ vip_subnet_id: await on.subnet(), name: 'x' });
const names = async () => (await on.as('tenant-a').octavia.loadBalancers.list()).map((one) => one.name);

test('an answer that is lost after the write leaves the write done', async () => {
  on.fake.fault({ method: 'POST', path: 'loadbalancers$', when: 'after', action: { kind: 'drop' } });
  const error: unknown = await create().catch((reason: unknown) => reason);
  expect(isOutcomeUnknown(error)).toBe(true);
  expect(await names()).toEqual(['x']);
});

test('a connection that breaks before the write leaves nothing', async () => {
  on.fake.fault({ writes: true, action: { kind: 'drop' } });
  const error: unknown = await create().catch((reason: unknown) => reason);
  expect(isOutcomeUnknown(error)).toBe(true);
  expect(await names()).toEqual([]);
});

test('a fault strikes the nth fitting request, as often as it is told, and no other', async () => {
  const armed = on.fake.fault({
    service: 'octavia',
    method: 'POST',
    nth: 2,
    times: 2,
    action: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
  });
  await create();
  for (const _ of [1, 2]) await expect(create()).rejects.toMatchObject({ status: 429, retryAfterMs: 7_000 });
  await create();
  expect(armed.struck).toBe(2);
  expect(await names()).toEqual(['x', 'x']);
});

test('a revoked token is renewed, a wrong password is not', async () => {
  await names();
  on.fake.do({ do: 'revoke-tokens' });
  expect(await names()).toEqual([]);
  on.fake.do({ do: 'password', user: 'tenant-a', password: 'other' });
  on.fake.do({ do: 'revoke-tokens' });
  await expect(names()).rejects.toMatchObject({ status: 401 });
});

test('a write can be held before it happens and before its answer leaves, and is told of by its number', async () => {
  const seen: string[] = [];
  on.fake.onWrite(({ number, moment, request }) => {
    const there = on.fake.world.octavia.tables.loadbalancer.size;
    seen.push(`${number} ${moment} ${request.method} ${there}`);
  });
  await create();
  expect(seen).toEqual(['1 before POST 0', '1 after POST 1']);
  on.fake.onWrite(undefined);
  on.fake.fault({ writes: true, when: 'after', action: { kind: 'hold' } });
  const second = create();
  while (on.fake.held === 0) await new Promise(setImmediate);
  expect(await names()).toEqual(['x', 'x']);
  on.fake.release();
  expect((await second).name).toBe('x');
});

test('every call is in the access log, in the form of the lab’s', async () => {
  await create();
  await names();
  const calls = await callsSince(join(dir, 'access.log'), 0, 'unit/1');
  const { writes, reads } = octaviaCalls(calls);
  expect(writes.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['POST', '/v2/lbaas/loadbalancers', 201],
  ]);
  expect(reads.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/v2/lbaas/loadbalancers', 200],
  ]);
  expect(on.fake.calls.filter((call) => call.service === 'keystone')).toHaveLength(1);
});

test('a write whose sender dies while it is held does not happen', async () => {
  on.fake.fault({ writes: true, action: { kind: 'hold' } });
  const vip_subnet_id = await on.subnet();
  const dying = new AbortController();
  const sent = on.as('tenant-a').octavia.loadBalancers.create({ vip_subnet_id }, { signal: dying.signal });
  while (on.fake.held === 0) await new Promise(setImmediate);
  dying.abort(new Error('killed'));
  await expect(sent).rejects.toThrow('killed');
  while (on.fake.held > 0) await new Promise(setImmediate);
  expect(await names()).toEqual([]);
});
