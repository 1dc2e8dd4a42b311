import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Reply, type Seen, type SmallServer, smallServer } from './testing/small-server.ts';

describe('a list over several pages', () => {
  let server: SmallServer;
  beforeEach(async () => {
    server = await smallServer();
  });
  afterEach(() => server.close());

  const ids = async (filter = {}) => {
    const found = await server.cloud().octavia.pools.list(filter);
    return found.map(({ id }) => id);
  };
  const urls = () => server.seen.map(({ url }) => url);

  test('keeps its filter on every page, although the next link has lost it', async () => {
    server.reply = pages({ '': ['a', 'b'], b: ['c'] });
    expect(await ids({ tags: ['t'], limit: 2 })).toEqual(['a', 'b', 'c']);
    expect(urls()).toEqual(['/v2/lbaas/pools?tags=t&limit=2', '/v2/lbaas/pools?tags=t&limit=2&marker=b']);
  });

  test('leaves out what does not pass the filter', async () => {
    server.reply = () => ({ body: { pools: [pool('a'), { ...pool('b'), tags: ['other'] }] } });
    expect(await ids({ tags: ['t'] })).toEqual(['a']);
  });

  test('trusts the service with filters that no field answers', async () => {
    server.reply = () => ({ body: { pools: [pool('a')] } });
    expect(await ids({ loadbalancer_id: 'lb', 'not-tags': 't' })).toEqual(['a']);
  });

  test('ends at the empty page that a full last one promises', async () => {
    server.reply = pages({ '': ['a', 'b'], b: [] });
    expect(await ids()).toEqual(['a', 'b']);
    expect(urls()).toHaveLength(2);
  });

  test('starts over, once, when the marker was deleted', async () => {
    server.reply = (request, count) => (count === 2 ? lostMarker : pages({ '': ['a', 'c'], c: ['d'] })(request));
    expect(await ids()).toEqual(['a', 'c', 'd']);
    server.seen.length = 0;
    server.reply = (request) =>
      request.url.includes('marker') ? lostMarker : pages({ '': ['a', 'b'], b: [] })(request);
    await expect(ids()).rejects.toMatchObject({
      status: 400,
      faultText: "Supplied pagination marker 'b' is not valid.",
    });
    expect(server.seen).toHaveLength(4);
  });

  test('ends when the service sends the same page again', async () => {
    server.reply = () => ({ body: { pools: [pool('a')], pools_links: [{ rel: 'next', href: 'x' }] } });
    expect(await ids()).toEqual(['a']);
    expect(urls()).toHaveLength(2);
  });
});

const lostMarker: Reply = {
  status: 400,
  body: { code: 400, title: 'Bad Request', description: "Supplied pagination marker 'b' is not valid." },
};

/** Pages by marker; each that is not empty promises another, except one with a single pool. */
function pages(byMarker: Readonly<Record<string, readonly string[]>>) {
  return ({ url }: Pick<Seen, 'url'>): Reply => {
    const found = byMarker[new URL(url, 'http://x').searchParams.get('marker') ?? ''] ?? [];
    const next = found.length > 1 ? { pools_links: [{ rel: 'next', href: 'http://x/without-filter' }] } : {};
    return { body: { pools: found.map(pool), ...next } };
  };
}

function pool(id: string) {
  return {
    id,
    name: id,
    protocol: 'HTTP',
    lb_algorithm: 'ROUND_ROBIN',
    provisioning_status: 'ACTIVE',
    operating_status: 'ONLINE',
    admin_state_up: true,
    tags: ['t'],
  };
}
