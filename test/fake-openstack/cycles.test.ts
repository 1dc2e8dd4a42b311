import { afterEach, describe, expect, test } from '@jest/globals';
import { type Fixture, fixture } from './fixture.ts';

let on: Fixture;
afterEach(() => on.close());

const http = { protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };

const tree = {
  name: 'whole',
  tags: ['b', 'a'],
  listeners: [
    {
      name: 'http',
      protocol: 'HTTP',
      protocol_port: 80,
      default_pool: { name: 'web' },
      l7policies: [
        {
          name: 'to-api',
          action: 'REDIRECT_TO_POOL',
          redirect_pool: { name: 'api' },
          rules: [{ type: 'PATH', compare_type: 'STARTS_WITH', value: '/api' }],
        },
      ],
    },
  ],
  pools: [
    { name: 'web', ...http, members: [{ name: 'n1', address: '10.10.1.1', protocol_port: 80 }] },
    { name: 'api', ...http },
    { name: 'detached', ...http },
  ],
};

async function statuses(id: string): Promise<Readonly<Record<string, string>>> {
  const { octavia } = on.as('tenant-a');
  const lists = [
    await octavia.listeners.list({ loadbalancer_id: id }),
    await octavia.pools.list({ loadbalancer_id: id }),
    await octavia.l7Policies.list(),
  ];
  return Object.fromEntries(lists.flat().map((one) => [one.name, one.provisioning_status]));
}

describe('a whole tree in one create', () => {
  test('is ACTIVE, except for the pool that nothing points to', async () => {
    on = await fixture();
    const id = await on.balancer(tree);
    expect(await statuses(id)).toEqual({
      http: 'ACTIVE',
      web: 'ACTIVE',
      api: 'ACTIVE',
      'to-api': 'ACTIVE',
      detached: 'PENDING_CREATE',
    });
  });

  test('leaves its children PENDING_CREATE on an unpatched Octavia, until each is updated', async () => {
    on = await fixture({ switches: { fullCreate: 'children-pending' } });
    const id = await on.balancer(tree);
    const before = await statuses(id);
    expect(new Set(Object.values(before))).toEqual(new Set(['PENDING_CREATE']));
    const { octavia } = on.as('tenant-a');
    const api = (await octavia.pools.list({ name: 'api' }))[0];
    await octavia.pools.update(api?.id ?? '', { description: 'd' });
    await on.active(id);
    expect(await statuses(id)).toEqual({ ...before, api: 'ACTIVE', http: 'ACTIVE' });
  });

  test('that is refused leaves the VIP port behind, and nothing else', async () => {
    on = await fixture();
    const { octavia, neutron } = on.as('tenant-a');
    const ghost = { name: 'l', protocol: 'HTTP', protocol_port: 80, default_pool: { name: 'ghost' } };
    await expect(on.balancer({ listeners: [ghost] })).rejects.toMatchObject({
      status: 400,
      faultText: "Validation failure: Pool 'ghost' was referenced but no full definition was found.",
    });
    expect(await octavia.loadBalancers.list()).toEqual([]);
    expect((await neutron.ports.list()).map((port) => port.device_owner)).toEqual([
      'network:router_interface',
      'Octavia',
    ]);
  });

  test('can have children in ERROR while it is ACTIVE', async () => {
    on = await fixture();
    on.fake.do({ do: 'outcome', kind: 'loadbalancer.create', outcome: 'child-error', names: '^api$' });
    const id = await on.balancer(tree);
    expect(await statuses(id)).toMatchObject({ api: 'ERROR', web: 'ACTIVE', http: 'ACTIVE' });
  });
});

test('a stepped clock keeps a balancer busy until the time has come', async () => {
  on = await fixture({ clock: 'stepped', switches: { delays: { default: 1_000, listener: 3_000 } } });
  const { octavia } = on.as('tenant-a');
  const { id } = await octavia.loadBalancers.create({ vip_subnet_id: await on.subnet() });
  const state = async () => (await octavia.loadBalancers.get(id)).provisioning_status;
  on.fake.advance(999);
  expect(await state()).toBe('PENDING_CREATE');
  on.fake.advance(1);
  expect(await state()).toBe('ACTIVE');
  const listener = { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 80 };
  await octavia.listeners.create(listener);
  on.fake.advance(2_999);
  await expect(octavia.listeners.create({ ...listener, protocol_port: 81 })).rejects.toMatchObject({
    status: 409,
    faultText: `Load Balancer ${id} is immutable and cannot be updated.`,
  });
  on.fake.advance(1);
  expect(await state()).toBe('ACTIVE');
});

test('a rule that HAProxy refuses makes every later change fail, and its policy’s removal heals', async () => {
  on = await fixture({ switches: { refuseRule: '^-f$' } });
  const id = await on.balancer(tree);
  const { octavia } = on.as('tenant-a');
  const [listener] = await octavia.listeners.list();
  const policy = await octavia.l7Policies.create({ listener_id: listener?.id ?? '', action: 'REJECT' });
  await on.active(id);
  await octavia.rulesOf(policy.id).create({ type: 'PATH', compare_type: 'EQUAL_TO', value: '-f' });
  await on.active(id);
  expect((await octavia.rulesOf(policy.id).list())[0]?.provisioning_status).toBe('ERROR');
  const other = await octavia.listeners.create({
    loadbalancer_id: id,
    name: 'other',
    protocol: 'HTTP',
    protocol_port: 81,
  });
  await on.active(id);
  expect(await statuses(id)).toMatchObject({ http: 'ERROR', other: 'ERROR' });
  await octavia.l7Policies.remove(policy.id);
  await on.active(id);
  expect(await statuses(id)).toMatchObject({ http: 'ACTIVE', other: 'ERROR' });
  await octavia.listeners.remove(other.id);
  await on.active(id);
});

test('a batch that names a member twice that is there already keeps the balancer busy for ever', async () => {
  on = await fixture({ clock: 'stepped' });
  const { octavia } = on.as('tenant-a');
  const { id } = await octavia.loadBalancers.create({ vip_subnet_id: await on.subnet(), ...tree });
  on.fake.advance(10);
  const [pool] = on.fake.world.octavia.tables.pool.find('loadbalancer_id', id).filter((one) => one.name === 'web');
  const member = { address: '10.10.1.1', protocol_port: 80 };
  const { token } = await login('tenant-a');
  const octaviaUrl = token.octavia;
  const answer = await fetch(`${octaviaUrl}/v2/lbaas/pools/${pool?.id}/members`, {
    method: 'PUT',
    headers: { 'x-auth-token': token.secret },
    body: JSON.stringify({ members: [member, member] }),
  });
  expect(answer.status).toBe(202);
  on.fake.advance(86_400_000);
  expect((await octavia.loadBalancers.get(id)).provisioning_status).toBe('PENDING_UPDATE');
});

/** A token and where Octavia is, for what the SDK would not send. */
async function login(user: string): Promise<{ readonly token: { readonly secret: string; readonly octavia: string } }> {
  const answer = await fetch(`${on.fake.authUrl}/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({
      auth: { identity: { methods: ['password'], password: { user: { name: user, password: `pw-${user}` } } } },
    }),
  });
  const body = (await answer.json()) as {
    token: { catalog: { type: string; endpoints: { url: string }[] }[] };
  };
  const octavia = body.token.catalog.find((one) => one.type === 'load-balancer')?.endpoints[0]?.url ?? '';
  return { token: { secret: answer.headers.get('x-subject-token') ?? '', octavia } };
}

test('what a person does to the records is seen by everybody', async () => {
  on = await fixture();
  const id = await on.balancer(tree);
  const { octavia, neutron } = on.as('tenant-a');
  const member = on.fake.world.octavia.tables.member.all()[0];
  on.fake.do({ do: 'set', kind: 'member', id: member?.id ?? '', changes: { health: 'down' } });
  const [pool] = await octavia.pools.list({ name: 'web' });
  await octavia.healthMonitors.create({ pool_id: pool?.id ?? '', type: 'TCP', delay: 5, timeout: 3, max_retries: 3 });
  await on.active(id);
  expect((await octavia.loadBalancers.get(id)).operating_status).toBe('ERROR');
  on.fake.do({ do: 'set', kind: 'loadbalancer', id, changes: { provisioning_status: 'ERROR' } });
  await expect(octavia.loadBalancers.update(id, { name: 'x' })).rejects.toMatchObject({
    status: 409,
    faultText: `Invalid state ERROR of loadbalancer resource ${id}`,
  });
  const { vip_port_id } = await octavia.loadBalancers.get(id);
  on.fake.do({ do: 'remove', kind: 'port', id: vip_port_id ?? '' });
  await expect(neutron.ports.get(vip_port_id ?? '')).rejects.toMatchObject({ status: 404 });
});
