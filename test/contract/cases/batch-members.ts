import { afterAll, describe, expect, test } from '@jest/globals';
import type { MemberBody } from 'openstack-sdk-lite/octavia/v2/members';
import { anyId, empty, fault } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';

const reset = { name: '', tags: [], weight: 1, backup: false, monitor_port: null, admin_state_up: true };
const special = { name: 'one', tags: ['a'], weight: 5, backup: true, monitor_port: 99, admin_state_up: false };
const at = (host: number, port = 80) => ({ address: `10.10.5.${host}`, protocol_port: port });

/** `PUT /pools/<id>/members`: the whole list at once. Each case begins with a special member and a plain one. */
export function batchMemberCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  const members = () => cloud().user('tenant-a').cloud.octavia.membersOf(stage.pool('web'));
  const put = (list: readonly MemberBody[], query = '') =>
    lbaas(cloud(), ['PUT', `/pools/${stage.pool('web')}/members${query}`, { members: list }]);
  const begin = async () => {
    await stage.change(() =>
      members().replaceAll([
        { ...at(1), ...special },
        { ...at(2), ...reset },
      ]),
    );
    const [one, two] = await seen();
    return [one?.id ?? '', two?.id ?? ''] as const;
  };
  const seen = async () => {
    const list = (await members().list()).map((one) => ({
      id: one.id,
      address: one.address,
      protocol_port: one.protocol_port,
      name: one.name,
      tags: one.tags,
      weight: one.weight,
      backup: one.backup,
      monitor_port: one.monitor_port,
      admin_state_up: one.admin_state_up,
    }));
    return list.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  };
  afterAll(() => stage.change(() => members().replaceAll([])));

  describe('a batch of members', () => {
    test('keeps id, name and tags of a member that is named again, and resets whatever else is left out', async () => {
      const [one, two] = await begin();
      const list = [at(1), { ...at(2), name: 'renamed', weight: 7 }];
      expect(await stage.change(() => put(list))).toEqual(empty(202));
      expect(await seen()).toEqual([
        { ...reset, ...at(1), id: one, name: 'one', tags: ['a'] },
        { ...reset, ...at(2), id: two, name: 'renamed', weight: 7 },
      ]);
      const tree = await cloud().user('tenant-a').cloud.octavia.loadBalancers.statusTree(stage.id());
      const pool = tree.listeners.flatMap((listener) => listener.pools).find(({ id }) => id === stage.pool('web'));
      const names = pool?.members.map(({ id, name }) => ({ id, name })) ?? [];
      expect(names).toHaveLength(2);
      expect(names).toEqual(
        expect.arrayContaining([
          { id: one, name: 'one' },
          { id: two, name: 'renamed' },
        ]),
      );
    });

    test('removes whom it does not name; the same address with another port is somebody else', async () => {
      const [one] = await begin();
      await stage.change(() => put([{ ...at(1), ...special }, at(2, 81)]));
      expect(await seen()).toEqual([
        { ...special, ...at(1), id: one },
        { ...reset, ...at(2, 81), id: anyId },
      ]);
    });

    test('leaves alone whom it does not name when it is additive', async () => {
      const [one, two] = await begin();
      const list = [{ ...at(2), weight: 9 }, at(4)];
      expect(await stage.change(() => put(list, '?additive_only=true'))).toEqual(empty(202));
      expect(await seen()).toEqual([
        { ...special, ...at(1), id: one },
        { ...reset, ...at(2), id: two, weight: 9 },
        { ...reset, ...at(4), id: anyId },
      ]);
    });

    test('is refused as a whole for one bad member, and for one new member twice', async () => {
      await begin();
      const before = await seen();
      expect(
        await put([
          { ...at(1), weight: 2 },
          { ...at(2), weight: 999 },
        ]),
      ).toEqual(
        fault(400, "Invalid input for field/attribute weight. Value: '999'. Value should be lower or equal to 256"),
      );
      expect(await put([at(1), at(2), at(7), at(7)])).toEqual(
        fault(409, 'Another member on this pool is already using ip 10.10.5.7 on protocol_port 80'),
      );
      await cloud().waitActive(stage.id());
      expect(await seen()).toEqual(before);
    });

    test('may be empty; when nothing is to do the load balancer is not busy', async () => {
      await begin();
      expect(await stage.change(() => put([]))).toEqual(empty(202));
      expect(await seen()).toEqual([]);
      expect(await put([])).toEqual(empty(202));
      const lb = await cloud().user('tenant-a').cloud.octavia.loadBalancers.get(stage.id());
      expect(lb.provisioning_status).toBe('ACTIVE');
    });
  });
}
