import { beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { denied, fault, nowhere, unknownFilter } from '../answers.ts';
import { lbaas, removeLater } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterAll } from '../undo.ts';

const listed = z.object({ loadbalancers: z.array(z.object({ name: z.string() })) });
const page = z.object({
  loadbalancers: z.array(z.object({ id: z.string() })),
  loadbalancers_links: z.array(z.object({ rel: z.string(), href: z.string() })),
});

/** Lists of load balancers, among whatever else the project has. */
export function tagsAndPagingCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterAll();
  const ids: string[] = [];
  beforeAll(async () => {
    // names need not be unique: two of the three have the same
    for (const [name, tags] of [
      ['page-1', ['suite=paging', 'x=1', 'y']],
      ['page-2', ['suite=paging', 'z']],
      ['page-2', ['suite=paging', 'y', 'z', 'k,v']],
    ] as const) {
      const body = { name, tags, vip_subnet_id: cloud().net.subnet, flavor_id: cloud().flavors.single };
      const { id } = await cloud().user('tenant-a').cloud.octavia.loadBalancers.create(body);
      undo(async () => removeLater(cloud(), id));
      ids.push(id);
    }
  });
  const list = (query: string) => lbaas(cloud(), ['GET', `/loadbalancers?${query}`]);

  describe('a list of load balancers', () => {
    test.each([
      ['tags=suite%3Dpaging', ['page-1', 'page-2', 'page-2']],
      ['tags=suite%3Dpaging,y', ['page-1', 'page-2']],
      ['tags=x%3D1&tags=y', ['page-1']],
      ['tags=x%3D1,y', ['page-1']],
      ['tags=suite%3Dpaging&tags-any=x%3D1,z', ['page-1', 'page-2', 'page-2']],
      ['tags=suite%3Dpaging&not-tags=y', ['page-2']],
      ['tags=suite%3Dpaging&not-tags-any=x%3D1,z', []],
      ['name=page-2', ['page-2', 'page-2']],
      ['tags=k,v', []],
      ['tags=k%2Cv', []],
    ])('filtered by %s', async (query, expected) => {
      const { body } = await list(`fields=name&${query}`);
      expect(listed.parse(body).loadbalancers.map((one) => one.name)).toEqual(expected);
    });

    test('shows a tag with a comma, though it cannot be asked for', async () => {
      const lb = await cloud()
        .user('tenant-a')
        .cloud.octavia.loadBalancers.get(ids[2] ?? '');
      expect(lb.tags).toEqual(['k,v', 'suite=paging', 'y', 'z']);
    });

    test('has no filter but the known ones, each once', async () => {
      expect(await list('bogus=1')).toEqual(unknownFilter);
      expect(await list('name=a&name=b')).toEqual(fault(500, expect.stringContaining('SELECT')));
    });

    test('of another project is denied', async () => {
      expect(await list(`project_id=${cloud().user('tenant-b').projectId}`)).toEqual(denied);
    });

    test('has only the fields that are asked for', async () => {
      const id = ids[0] ?? '';
      const expected = { id, name: 'page-1' };
      expect(await list(`name=page-1&fields=id&fields=name`)).toEqual({
        status: 200,
        body: { loadbalancers: [expected], loadbalancers_links: [] },
      });
      expect(await lbaas(cloud(), ['GET', `/loadbalancers/${id}?fields=id&fields=name`])).toEqual({
        status: 200,
        body: { loadbalancer: expected },
      });
    });
  });

  describe('a page', () => {
    test('promises the next one by a link that has lost the filter and the fields', async () => {
      const { body } = await list(
        `limit=1&sort=name:asc&tags=suite%3Dpaging&vip_subnet_id=${cloud().net.subnet}&fields=id`,
      );
      const { loadbalancers, loadbalancers_links: links } = page.parse(body);
      expect(loadbalancers).toEqual([{ id: ids[0] }]);
      expect(links.map(({ rel, href }) => [rel, new URL(href).pathname, new URL(href).search])).toEqual([
        ['next', '/v2/lbaas/loadbalancers', `?limit=1&sort=name:asc&marker=${ids[0]}`],
      ]);
    });

    test('that is full promises a next one even when it is the last', async () => {
      const query = `limit=2&tags=suite%3Dpaging&fields=id`;
      const last = page.parse((await list(`${query}&marker=${ids[0]}`)).body);
      expect(last.loadbalancers.map((one) => one.id)).toEqual([ids[1], ids[2]]);
      expect(last.loadbalancers_links.map((one) => one.rel).toSorted()).toEqual(['next', 'previous']);
      const beyond = page.parse((await list(`${query}&marker=${ids[2]}`)).body);
      expect(beyond).toMatchObject({ loadbalancers: [] });
    });

    test('backwards is empty', async () => {
      const { body } = await list(`page_reverse=true&limit=2&tags=suite%3Dpaging&marker=${ids[2]}`);
      expect(page.parse(body).loadbalancers).toEqual([]);
    });

    test('after what is not there, or of a size that is no number, is refused', async () => {
      expect(await list(`limit=1&marker=${nowhere}`)).toEqual(
        fault(400, `Supplied pagination marker '${nowhere}' is not valid.`),
      );
      expect(await list('limit=abc')).toEqual({
        status: 400,
        body: { code: 400, title: 'Bad Request', description: "Supplied pagination limit 'abc' is not valid." },
      });
    });

    test('after page is walked by the SDK, which keeps the filter', async () => {
      const { octavia } = cloud().user('tenant-a').cloud;
      const walked = await octavia.loadBalancers.list({ limit: 1, tags: ['suite=paging', 'z'] });
      expect(walked.map((one) => one.id)).toEqual([ids[1], ids[2]]);
    });
  });
}
