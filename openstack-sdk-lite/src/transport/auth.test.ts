import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Session } from './auth.ts';
import { HttpClient } from './http.ts';
import { type SmallServer, smallServer } from '../testing/small-server.ts';

describe('the token', () => {
  let server: SmallServer;
  beforeEach(async () => {
    server = await smallServer();
    server.reply = () => ({ body: { loadbalancers: [] } });
  });
  afterEach(() => server.close());

  test('is asked for once by calls that start together', async () => {
    const { octavia } = server.cloud();
    await Promise.all([1, 2, 3, 4, 5].map(() => octavia.loadBalancers.list()));
    expect(server.logins).toHaveLength(1);
    expect(server.seen.map(({ token }) => token)).toEqual(Array(5).fill('token-1'));
  });

  test('is renewed once for all calls that it is refused to, writes too', async () => {
    const { octavia } = server.cloud();
    await octavia.loadBalancers.list();
    server.reply = ({ token }) =>
      token === 'token-1' ? { status: 401, body: unauthorized } : { status: 204, body: '' };
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => octavia.pools.remove(id)));
    expect(server.logins).toHaveLength(2);
    expect(
      server.seen
        .filter(({ token }) => token === 'token-2')
        .map(({ url }) => url)
        .toSorted(),
    ).toEqual(['/v2/lbaas/pools/a', '/v2/lbaas/pools/b', '/v2/lbaas/pools/c', '/v2/lbaas/pools/d']);
  });

  test('is renewed no second time by the same call', async () => {
    server.reply = () => ({ status: 401, body: unauthorized });
    await expect(server.cloud().octavia.loadBalancers.list()).rejects.toMatchObject({ kind: 'http', status: 401 });
    expect([server.logins.length, server.seen.length]).toEqual([2, 2]);
  });

  test('is renewed shortly before it expires', async () => {
    let now = 0;
    const http = new HttpClient({ userAgent: 'test/1' });
    const session = new Session({ credentials: async () => server.credentials(), http, now: () => now });
    const { signal } = new AbortController();
    const secrets: string[] = [];
    for (now of [0, 3_479_000, 3_481_000]) secrets.push((await session.access(signal)).secret.reveal());
    await http.close();
    expect(secrets).toEqual(['token-1', 'token-1', 'token-2']);
  });

  test('that was being asked for when it was to be forgotten serves those who wait for it, and nobody after them', async () => {
    const slow = Promise.withResolvers<void>();
    const answers = [slow.promise.then(() => server.credentials('old'))];
    const cloud = server.cloud({ credentials: async () => answers.shift() ?? server.credentials('new') });
    const early = cloud.octavia.loadBalancers.list();
    cloud.forgetToken();
    await cloud.octavia.loadBalancers.list();
    slow.resolve();
    await early;
    await cloud.octavia.pools.list().catch(() => []);
    expect(server.logins).toEqual([passwordLogin('new'), passwordLogin('old')]);
    expect(server.seen.map(({ token }) => token)).toEqual(['token-1', 'token-2', 'token-1']);
  });

  test('comes with rotated credentials when Keystone refuses the old ones', async () => {
    const asked: string[] = [];
    server.login = (count) => (count === 1 ? { status: 401, body: unauthorized } : {});
    const credentials = async (freshness: 'cached' | 'fresh') => {
      asked.push(freshness);
      return server.credentials(freshness);
    };
    await expect(server.cloud({ credentials }).octavia.loadBalancers.list()).resolves.toEqual([]);
    expect(asked).toEqual(['cached', 'fresh']);
    expect(server.logins).toEqual([passwordLogin('cached'), passwordLogin('fresh')]);
  });

  test('is not asked for again with the same refused password', async () => {
    server.login = () => ({ status: 401, body: unauthorized });
    await expect(server.cloud().octavia.loadBalancers.list()).rejects.toMatchObject({
      service: 'keystone',
      status: 401,
      faultText: 'The request you have made requires authentication.',
    });
    expect(server.logins).toHaveLength(1);
  });
});

const unauthorized = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
};

function passwordLogin(password: string) {
  const identity = { methods: ['password'], password: { user: { id: 'u', password } } };
  return { auth: { identity, scope: { project: { id: 'p' } } } };
}
