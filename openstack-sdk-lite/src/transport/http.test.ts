import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SmallServer, smallServer } from '../testing/small-server.ts';

describe('a call', () => {
  let server: SmallServer;
  beforeEach(async () => {
    server = await smallServer();
  });
  afterEach(() => server.close());

  test('ends at its deadline, as an error that names the call', async () => {
    server.reply = () => ({ status: 'never' });
    const created = server.cloud().octavia.pools.create(pool, { deadlineMs: 300 });
    await expect(created).rejects.toMatchObject({
      kind: 'deadline',
      service: 'octavia',
      method: 'POST',
      path: '/lbaas/pools',
    });
  });

  test('ends with the reason of its own signal', async () => {
    server.reply = () => ({ status: 'never' });
    const reason = new Error('enough');
    const stop = new AbortController();
    const listed = server.cloud().octavia.pools.list({}, { signal: stop.signal });
    stop.abort(reason);
    await expect(listed).rejects.toBe(reason);
  });

  test('is repeated when it reads and the service is away, after the pause asked for', async () => {
    server.reply = (_, count) =>
      count < 3 ? { status: count === 1 ? 'broken' : 503, headers: { 'retry-after': '0' } } : { body: { pools: [] } };
    expect(await server.cloud().octavia.pools.list()).toEqual([]);
    expect(server.seen).toHaveLength(3);
  });

  test('is repeated twice at most', async () => {
    server.reply = () => ({ status: 503, headers: { 'retry-after': '0' } });
    await expect(server.cloud().octavia.pools.list()).rejects.toMatchObject({ status: 503, retryAfterMs: 0 });
    expect(server.seen).toHaveLength(3);
  });

  test('leaves a long pause to the caller', async () => {
    server.reply = () => ({ status: 503, headers: { 'retry-after': '120' } });
    await expect(server.cloud().octavia.pools.list()).rejects.toMatchObject({ retryAfterMs: 120_000 });
    expect(server.seen).toHaveLength(1);
  });

  test.each(['broken', 503] as const)('that writes is sent once (%s)', async (status) => {
    server.reply = () => ({ status, headers: { 'retry-after': '0' } });
    const kind = status === 'broken' ? 'network' : 'http';
    await expect(server.cloud().octavia.pools.create(pool)).rejects.toMatchObject({ kind, method: 'POST' });
    expect(server.seen).toHaveLength(1);
  });

  test('that writes is not sent where its caller may not write now; one that reads is', async () => {
    const { octavia } = server.cloud({ beforeWrite: notNow });
    server.reply = () => ({ body: { pools: [] } });
    await expect(octavia.pools.create(pool)).rejects.toThrow('not now');
    await expect(octavia.pools.remove('p')).rejects.toThrow('not now');
    expect(await octavia.pools.list()).toEqual([]);
    expect(server.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test('carries body, agent and token', async () => {
    server.reply = () => ({ status: 202, body: '' });
    await server
      .cloud()
      .octavia.membersOf('p')
      .replaceAll([{ address: '10.0.0.1', protocol_port: 80 }]);
    const { method, url, token, body, headers } = server.seen[0] ?? {};
    expect([method, url, token, body, headers?.['user-agent']]).toEqual([
      'PUT',
      '/v2/lbaas/pools/p/members',
      'token-1',
      { members: [{ address: '10.0.0.1', protocol_port: 80 }] },
      'test/1',
    ]);
  });

  test('with one member twice is never sent', async () => {
    const twice = [1, 2].map(() => ({ address: '10.0.0.1', protocol_port: 80 }));
    await expect(server.cloud().octavia.membersOf('p').replaceAll(twice)).rejects.toThrow('10.0.0.1 port 80 twice');
    expect(server.seen).toEqual([]);
  });

  test('whose answer is not what was promised says where', async () => {
    server.reply = () => ({ status: 200, body: '<html>' });
    await expect(server.cloud().octavia.pools.list()).rejects.toMatchObject({
      kind: 'protocol',
      faultText: expect.stringContaining('"pools"'),
    });
  });
});

function notNow(): never {
  throw new Error('not now');
}

const pool = { loadbalancer_id: 'lb', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
