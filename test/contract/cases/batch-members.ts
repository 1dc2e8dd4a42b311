import { describe, expect, test } from '@jest/globals';
import type { MemberBody } from 'openstack-sdk-lite/octavia/v2/members';
import { empty, fault } from '../answers.ts';
import { lbaas, sharedBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';

const first = {
  address: '10.10.5.1',
  protocol_port: 80,
  name: 'one',
  tags: ['a'],
  weight: 5,
  backup: true,
  monitor_port: 99,
  admin_state_up: false,
};
const second = { address: '10.10.5.2', protocol_port: 80 };

/** `PUT /pools/<id>/members`: the whole list at once. Each case begins with `first` and `second`. */
export function batchMemberCases(cloud: () => CloudUnderTest): void {
  const shared = sharedBalancer(cloud, 'batch', {
    listeners: [
      {
        name: 'http',
        protocol: 'HTTP',
        protocol_port: 80,
        default_pool: { name: 'web', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN', members: [first, second] },
      },
    ],
  });
  const members = () => cloud().user('tenant-a').cloud.octavia.membersOf(shared.pool('web'));
  const put = (list: readonly MemberBody[], query = '') =>
    lbaas(cloud(), ['PUT', `/pools/${shared.pool('web')}/members${query}`, { members: list }]);
  const seen = async () =>
    (await members().list())
      .map(({ id, address, name, tags, weight, backup, monitor_port, admin_state_up }) => ({
        id,
        address,
        name,
        tags,
        weight,
        backup,
        monitor_port,
        admin_state_up,
      }))
      .toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const asBefore = async () => {
    await shared.change(() => members().replaceAll([first, { ...second, weight: 1 }]));
    const [one, two] = await seen();
    return [one?.id ?? '', two?.id ?? ''] as const;
  };
  const defaults = { name: '', tags: [], weight: 1, backup: false, monitor_port: null, admin_state_up: true };
  const { protocol_port: _, ...firstSeen } = first;

  describe('replaces the list', () => {
    test('and keeps id, name and tags of a member that is named again; whatever else is left out is reset', async () => {
      const [one, two] = await asBefore();
      const list = [
        { address: '10.10.5.1', protocol_port: 80 },
        { ...second, name: 'named', weight: 7 },
      ];
      expect(await shared.change(() => put(list))).toEqual(empty(202));
      expect(await seen()).toEqual([
        { ...defaults, id: one, address: '10.10.5.1', name: 'one', tags: ['a'] },
        { ...defaults, id: two, address: '10.10.5.2', name: 'named', weight: 7 },
      ]);
      await shared.change(() => put([first, { ...second, name: '' }]));
    });

    test('and removes whom it does not name; the same address with another port is somebody else', async () => {
      const [one] = await asBefore();
      await shared.change(() => put([first, { ...second, protocol_port: 81 }]));
      const now = await members().list();
      expect(now.map((each) => `${each.address}:${each.protocol_port}`).toSorted()).toEqual([
        '10.10.5.1:80',
        '10.10.5.2:81',
      ]);
      expect(now.find((each) => each.address === '10.10.5.1')?.id).toBe(one);
    });

    test('and may empty it; then nothing to do is no reason to be busy', async () => {
      await asBefore();
      expect(await shared.change(() => put([]))).toEqual(empty(202));
      expect(await seen()).toEqual([]);
      expect(await put([])).toEqual(empty(202));
      const lb = await cloud().user('tenant-a').cloud.octavia.loadBalancers.get(shared.id());
      expect(lb.provisioning_status).toBe('ACTIVE');
    });
  });

  test('with additive_only leaves alone whom it does not name', async () => {
    const [one, two] = await asBefore();
    const list = [
      { ...second, weight: 9 },
      { address: '10.10.5.4', protocol_port: 80 },
    ];
    expect(await shared.change(() => put(list, '?additive_only=true'))).toEqual(empty(202));
    expect(await seen()).toEqual([
      { ...firstSeen, id: one },
      { ...defaults, id: two, address: '10.10.5.2', weight: 9 },
      { ...defaults, id: expect.any(String), address: '10.10.5.4' },
    ]);
  });

  test('is refused as a whole for one bad member', async () => {
    await asBefore();
    const before = await seen();
    expect(
      await put([
        { ...first, weight: 2 },
        { ...second, weight: 999 },
      ]),
    ).toEqual(
      fault(400, "Invalid input for field/attribute weight. Value: '999'. Value should be lower or equal to 256"),
    );
    expect(await seen()).toEqual(before);
  });

  test('with one new member twice is refused', async () => {
    await asBefore();
    const before = await seen();
    const twice = { address: '10.10.5.7', protocol_port: 80 };
    expect(await put([first, second, twice, twice])).toEqual(
      fault(409, 'Another member on this pool is already using ip 10.10.5.7 on protocol_port 80'),
    );
    await cloud().waitActive(shared.id());
    expect(await seen()).toEqual(before);
  });

  test('shows new names and weights at once in the status tree', async () => {
    const [one] = await asBefore();
    await shared.change(() => put([{ ...first, name: 'other', weight: 3 }]));
    const tree = await cloud().user('tenant-a').cloud.octavia.loadBalancers.statusTree(shared.id());
    expect(tree.listeners[0]?.pools[0]?.members.map(({ id, name }) => ({ id, name }))).toEqual([
      { id: one, name: 'other' },
    ]);
  });
}
