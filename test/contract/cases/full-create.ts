import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { anyId, fault } from '../answers.ts';
import { type Balancer, lbaas, removeLater } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

const pool = (name: string) => ({ name, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' });

const listener = (fields: object) => ({ protocol: 'HTTP', protocol_port: 80, ...fields });

/** The whole tree in one POST. */
export function fullCreateCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('a load balancer created with its whole tree', () => {
    acceptedTrees(cloud);
    unreferencedPool(cloud, stage);
  });
  describe('a tree', () => {
    refusedTrees(cloud);
  });
}

const tree = {
  name: 'tree',
  listeners: [
    {
      name: 'http',
      protocol: 'HTTP',
      protocol_port: 80,
      tags: ['k=v'],
      insert_headers: { 'X-Forwarded-For': 'true' },
      default_pool: { name: 'web' },
      l7policies: [
        {
          name: 'to-api',
          action: 'REDIRECT_TO_POOL',
          position: 1,
          redirect_pool: { name: 'api' },
          rules: [
            { type: 'PATH', compare_type: 'STARTS_WITH', value: '/api' },
            { type: 'HOST_NAME', compare_type: 'EQUAL_TO', value: 'x.example.com' },
          ],
        },
      ],
    },
    {
      name: 'tcp',
      protocol: 'TCP',
      protocol_port: 9000,
      default_pool: {
        name: 'tcp',
        protocol: 'TCP',
        lb_algorithm: 'LEAST_CONNECTIONS',
        members: [{ address: '10.10.9.9', protocol_port: 9000 }],
      },
    },
  ],
  pools: [
    {
      ...pool('web'),
      session_persistence: { type: 'APP_COOKIE', cookie_name: 'SID' },
      healthmonitor: {
        type: 'HTTP',
        delay: 5,
        timeout: 3,
        max_retries: 2,
        url_path: '/healthz',
        expected_codes: '200-204',
      },
      members: [
        { address: '10.10.1.1', protocol_port: 8080, weight: 3, name: 'n1' },
        { address: '10.10.1.2', protocol_port: 8080, backup: true, monitor_port: 8081 },
      ],
    },
    pool('api'),
  ],
};

const answered = z.object({
  loadbalancer: z.object({
    id: z.string(),
    listeners: z.array(z.object({ name: z.string(), id: z.string() })),
    pools: z.array(z.object({ name: z.string(), id: z.string() })),
  }),
});

function acceptedTrees(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();

  test('comes back with the ids of all that is in it, resolves names, and becomes ACTIVE in every part', async () => {
    const body = { ...tree, vip_subnet_id: cloud().net.subnet, flavor_id: cloud().flavors.single };
    const answer = await lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: body }]);
    expect(answer.status).toBe(201);
    const made = answered.parse(answer.body).loadbalancer;
    undo(async () => removeLater(cloud(), made.id));
    const listenerId = idOf(made.listeners, 'http');
    const [web, api, tcp] = ['web', 'api', 'tcp'].map((name) => idOf(made.pools, name));
    expect(answer.body).toMatchObject(nested({ listenerId, web, api, tcp }));
    await cloud().waitActive(made.id);
    expect(await partsOf(cloud(), made.id, listenerId)).toEqual({
      listeners: [
        ['http', 80, web, 'ACTIVE'],
        ['tcp', 9000, tcp, 'ACTIVE'],
      ],
      pools: [
        ['api', 0, 'no monitor', 'ACTIVE'],
        ['tcp', 1, 'no monitor', 'ACTIVE'],
        ['web', 2, 'HTTP /healthz 200-204 ACTIVE', 'ACTIVE'],
      ],
      policies: [['to-api', 1, api, 2, 'ACTIVE']],
      members: [
        ['10.10.1.1', 'n1', 3, false, null, 'ACTIVE'],
        ['10.10.1.2', '', 1, true, 8081, 'ACTIVE'],
      ],
    });
  });
}

function nested(ids: Readonly<Record<'listenerId' | 'web' | 'api' | 'tcp', string | undefined>>): object {
  const rules = [
    { id: anyId, type: 'PATH', compare_type: 'STARTS_WITH', value: '/api', key: null, invert: false },
    { id: anyId, type: 'HOST_NAME', compare_type: 'EQUAL_TO', value: 'x.example.com', key: null, invert: false },
  ];
  const policy = {
    id: anyId,
    name: 'to-api',
    position: 1,
    action: 'REDIRECT_TO_POOL',
    listener_id: ids.listenerId,
    redirect_pool_id: ids.api,
    provisioning_status: 'PENDING_CREATE',
  };
  return {
    loadbalancer: {
      provisioning_status: 'PENDING_CREATE',
      listeners: expect.arrayContaining([
        expect.objectContaining({
          name: 'http',
          tags: ['k=v'],
          default_pool_id: ids.web,
          provisioning_status: 'PENDING_CREATE',
          l7policies: [expect.objectContaining({ ...policy, rules: expectAll(rules) })],
        }),
        expect.objectContaining({ name: 'tcp', protocol_port: 9000, default_pool_id: ids.tcp, l7policies: [] }),
      ]),
      pools: expect.arrayContaining([
        expect.objectContaining({
          name: 'web',
          session_persistence: expect.objectContaining({ type: 'APP_COOKIE', cookie_name: 'SID' }),
          healthmonitor: null, // it is made all the same, only not shown here
          members: expectAll([
            { id: anyId, address: '10.10.1.1', weight: 3, name: 'n1', provisioning_status: 'PENDING_CREATE' },
            { id: anyId, address: '10.10.1.2', weight: 1, backup: true, monitor_port: 8081 },
          ]),
        }),
        expect.objectContaining({ name: 'api', members: [], healthmonitor: null }),
        expect.objectContaining({ name: 'tcp', members: [expect.objectContaining({ address: '10.10.9.9' })] }),
      ]),
    },
  };
}

function expectAll(objects: readonly object[]): unknown {
  return expect.arrayContaining(objects.map((one) => expect.objectContaining({ ...one })));
}

async function partsOf(cloud: CloudUnderTest, id: string, listenerId: string): Promise<object> {
  const { octavia } = cloud.user('tenant-a').cloud;
  const listeners = await octavia.listeners.list({ loadbalancer_id: id });
  const pools = await octavia.pools.list({ loadbalancer_id: id });
  const policies = await octavia.l7Policies.list({ listener_id: listenerId });
  const members = await octavia.membersOf(pools.find((one) => one.name === 'web')?.id ?? '').list();
  const monitors = new Map<string | null, string>();
  for (const one of await octavia.healthMonitors.list())
    monitors.set(one.id, [one.type, one.url_path, one.expected_codes, one.provisioning_status].join(' '));
  const monitorOf = (pool: (typeof pools)[number]) => monitors.get(pool.healthmonitor_id) ?? 'no monitor';
  return {
    listeners: byFirst(
      listeners.map((one) => [one.name, one.protocol_port, one.default_pool_id, one.provisioning_status] as const),
    ),
    pools: byFirst(
      pools.map((one) => [one.name, one.members.length, monitorOf(one), one.provisioning_status] as const),
    ),
    policies: policies.map((one) => [
      one.name,
      one.position,
      one.redirect_pool_id,
      one.rules.length,
      one.provisioning_status,
    ]),
    members: byFirst(
      members.map(
        (one) => [one.address, one.name, one.weight, one.backup, one.monitor_port, one.provisioning_status] as const,
      ),
    ),
  };
}

function byFirst<Row extends readonly [string, ...unknown[]]>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function idOf(objects: readonly { readonly name: string; readonly id: string }[], name: string): string {
  return objects.find((one) => one.name === name)?.id ?? `no ${name}`;
}

function unreferencedPool(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('and a pool that nothing points to', () => {
    test('is ACTIVE without it: the pool stays PENDING_CREATE, refuses a monitor, and is healed by an update', async () => {
      const { octavia } = cloud().user('tenant-a').cloud;
      const id = stage.pool('detached');
      expect((await octavia.pools.get(id)).provisioning_status).toBe('PENDING_CREATE');
      const monitor = { pool_id: id, type: 'PING', delay: 5, timeout: 3, max_retries: 3 };
      expect(await lbaas(cloud(), ['POST', '/healthmonitors', { healthmonitor: monitor }])).toEqual(
        fault(409, `Pool ${id} is immutable and cannot be updated.`),
      );
      await stage.change(() => octavia.pools.update(id, { name: 'detached' }));
      expect(await octavia.pools.get(id)).toMatchObject({ name: 'detached', provisioning_status: 'ACTIVE' });
    });
  });
}

function refusedTrees(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();
  const vipPorts = async () => {
    const ports = await cloud().user('tenant-a').cloud.neutron.ports.list({ device_owner: 'Octavia' });
    return ports.map((one) => one.id).toSorted();
  };

  test.each([
    [
      'with two listeners of one port',
      { listeners: [listener({}), listener({ protocol: 'TCP' })] },
      fault(409, 'Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80'),
    ],
    [
      'with a reference to a pool that is not in it',
      { listeners: [listener({ default_pool: { name: 'ghost' } })] },
      fault(400, "Validation failure: Pool 'ghost' was referenced but no full definition was found."),
    ],
    [
      'with two pools of one name',
      { pools: [pool('a'), pool('a')] },
      fault(400, 'Validation failure: Pool names must be unique when creating a fully populated loadbalancer.'),
    ],
  ])('%s is refused, and leaves its VIP port behind', async (_, body, answer) => {
    const before = new Set(await vipPorts());
    const refused = { name: 'refused', vip_subnet_id: cloud().net.subnet, ...body };
    expect(await lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: refused }])).toEqual(answer);
    const leaked = (await vipPorts()).filter((id) => !before.has(id));
    for (const id of leaked) undo(() => cloud().user('tenant-a').cloud.neutron.ports.remove(id));
    expect(leaked).toHaveLength(1);
    expect(await cloud().user('tenant-a').cloud.octavia.loadBalancers.list({ name: 'refused' })).toEqual([]);
  });

  test('with a bad member deep inside is refused before anything is made', async () => {
    const bad = { ...pool('a'), members: [{ address: 'bad', protocol_port: 1 }] };
    const body = { name: 'refused', vip_subnet_id: cloud().net.subnet, listeners: [listener({ default_pool: bad })] };
    const before = await vipPorts();
    expect(await lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: body }])).toEqual(
      fault(400, "Invalid input for field/attribute address. Value: 'bad'. Value should be IPv4 or IPv6 format"),
    );
    // other cases' load balancers go away meanwhile
    expect((await vipPorts()).filter((id) => !before.includes(id))).toEqual([]);
  });
}
