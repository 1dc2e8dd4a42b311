import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { anyId, anyTime, denied, fault, nowhere } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function listenerCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('creating a listener', () => creating(cloud, stage));
  describe('updating a listener', () => updating(cloud, stage));
  describe('a PROMETHEUS listener', () => prometheus(cloud, stage));
}

const made = z.object({ listener: z.object({ id: z.string() }) });
const portTaken = fault(
  409,
  'Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80',
);

function creating(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();
  const create = (body: Readonly<Record<string, unknown>>) =>
    lbaas(cloud(), ['POST', '/listeners', { listener: { loadbalancer_id: stage.id(), ...body } }]);

  test('on a port that is taken is refused, whatever the protocol over TCP; UDP has ports of its own', async () => {
    expect(await create({ protocol: 'HTTP', protocol_port: 80 })).toEqual(portTaken);
    expect(await create({ protocol: 'TCP', protocol_port: 80 })).toEqual(portTaken);
    const { projectId } = cloud().user('tenant-a');
    const answer = await stage.change(() => create({ protocol: 'UDP', protocol_port: 80, name: 'udp', tags: ['t'] }));
    const { id } = made.parse(answer.body).listener;
    undo(() => stage.change(() => cloud().user('tenant-a').cloud.octavia.listeners.remove(id)));
    expect(answer).toEqual({
      status: 201,
      body: {
        listener: {
          id: anyId,
          name: 'udp',
          description: '',
          provisioning_status: 'PENDING_CREATE',
          operating_status: 'OFFLINE',
          admin_state_up: true,
          protocol: 'UDP',
          protocol_port: 80,
          connection_limit: -1,
          default_tls_container_ref: null,
          sni_container_refs: [],
          project_id: projectId,
          tenant_id: projectId,
          default_pool_id: null,
          l7policies: [],
          insert_headers: {},
          created_at: anyTime,
          updated_at: null,
          loadbalancers: [{ id: stage.id() }],
          timeout_client_data: 50_000,
          timeout_member_connect: 5_000,
          timeout_member_data: 50_000,
          timeout_tcp_inspect: 0,
          tags: ['t'],
          client_ca_tls_container_ref: null,
          client_authentication: 'NONE',
          client_crl_container_ref: null,
          allowed_cidrs: null,
          tls_ciphers: null,
          tls_versions: null,
          alpn_protocols: null,
        },
      },
    });
  });

  test.each([
    [
      'a port above 65535',
      { protocol: 'HTTP', protocol_port: 70_000 },
      "Invalid input for field/attribute protocol_port. Value: '70000'. Value should be lower or equal to 65535",
    ],
    [
      'allowed_cidrs that are none',
      { protocol: 'HTTP', protocol_port: 83, allowed_cidrs: ['nonsense'] },
      "Invalid input for field/attribute allowed_cidrs. Value: '['nonsense']'. Value should be IPv4 or IPv6 CIDR format",
    ],
    [
      'no certificate for TERMINATED_HTTPS',
      { protocol: 'TERMINATED_HTTPS', protocol_port: 443 },
      'Validation failure: An SNI or default certificate container reference must be provided for TERMINATED_HTTPS protocol listeners.',
    ],
    [
      'a certificate for HTTP',
      { protocol: 'HTTP', protocol_port: 84, default_tls_container_ref: `http://127.0.0.1/v1/secrets/${nowhere}` },
      'Validation failure: Certificate container references are not allowed on HTTP protocol listeners.',
    ],
  ])('with %s is refused', async (_, body, text) => {
    expect(await create(body)).toEqual(fault(400, text));
  });

  test('with a protocol that there is not is refused with the list of all', async () => {
    const start = "Invalid input for field/attribute protocol. Value: 'QUIC'. Value should be one of: ";
    const answer = await create({ protocol: 'QUIC', protocol_port: 443 });
    expect(answer).toEqual(fault(400, expect.stringMatching(new RegExp(`^${start}`))));
    const { faultstring } = z.object({ faultstring: z.string() }).parse(answer.body);
    expect(faultstring.slice(start.length).split(', ').toSorted()).toEqual(
      ['HTTP', 'HTTPS', 'PROMETHEUS', 'SCTP', 'TCP', 'TERMINATED_HTTPS', 'UDP'].toSorted(),
    );
  });

  test('with allowed_cidrs of the other address family is refused', async () => {
    expect(await create({ protocol: 'HTTP', protocol_port: 83, allowed_cidrs: ['2001:db8::/32'] })).toEqual(
      fault(400, await familyMismatch(cloud(), stage)),
    );
  });

  test('on a load balancer that is not there is not found, on one of another project it is denied', async () => {
    const body = { listener: { loadbalancer_id: nowhere, protocol: 'HTTP', protocol_port: 80 } };
    expect(await lbaas(cloud(), ['POST', '/listeners', body])).toEqual(
      fault(404, `Load Balancer ${nowhere} not found.`),
    );
    const foreign = { listener: { loadbalancer_id: stage.id(), protocol: 'HTTP', protocol_port: 81 } };
    expect(await lbaas(cloud(), ['POST', '/listeners', foreign], 'tenant-b')).toEqual(denied);
  });

  test('with a pool inside is a 500, for nested bodies belong to the creation of a load balancer only', async () => {
    const inside = { name: 'p', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
    for (const nested of [{ default_pool: inside }, { l7policies: [{ action: 'REJECT' }] }])
      expect(await create({ protocol: 'HTTP', protocol_port: 85, ...nested })).toEqual(
        fault(500, "'dict' object has no attribute '_sa_instance_state'"),
      );
  });
}

async function familyMismatch(cloud: CloudUnderTest, stage: Balancer): Promise<string> {
  const { vip_address: vip } = await cloud.user('tenant-a').cloud.octavia.loadBalancers.get(stage.id());
  return `Validation failure: CIDR 2001:db8::/32 IP version incompatible with VIP ${vip} IP version.`;
}

/** What changes by itself. */
const moving = { operating_status: expect.any(String), updated_at: expect.any(String) };

function updating(cloud: () => CloudUnderTest, stage: Balancer): void {
  const put = (body: Readonly<Record<string, unknown>>) =>
    lbaas(cloud(), ['PUT', `/listeners/${stage.listener('http')}`, { listener: body }]);

  test.each([['protocol_port'], ['protocol'], ['loadbalancer_id']])('never takes another %s', async (field) => {
    expect(await put({ [field]: field === 'protocol_port' ? 81 : 'x' })).toEqual(
      fault(400, `Unknown attribute for argument listener_.listener: ${field}`),
    );
  });

  test('takes all fields that it has; null sets back to the default, and lists of CIDRs are cleared by an empty list too', async () => {
    const { octavia } = cloud().user('tenant-a').cloud;
    const id = stage.listener('http');
    const before = await octavia.listeners.get(id);
    const change = {
      name: 'renamed',
      description: 'd',
      tags: ['x'],
      connection_limit: 10,
      insert_headers: { 'X-Forwarded-For': 'true', 'X-Forwarded-Proto': 'true' },
      allowed_cidrs: ['10.0.0.0/8', '192.168.0.0/16'],
      timeout_client_data: 1_000,
      timeout_member_connect: 1,
      timeout_member_data: 2,
      timeout_tcp_inspect: 3,
    };
    await stage.change(() => octavia.listeners.update(id, change));
    const changed = { ...before, ...change, ...moving };
    expect(await octavia.listeners.get(id)).toEqual(changed);
    const cleared = { status: 200, body: { listener: { allowed_cidrs: null } } };
    const cidrs = () => lbaas(cloud(), ['GET', `/listeners/${id}?fields=allowed_cidrs`]);
    await stage.change(() => octavia.listeners.update(id, { allowed_cidrs: null }));
    expect(await cidrs()).toEqual(cleared);
    await stage.change(() => octavia.listeners.update(id, { allowed_cidrs: ['10.0.0.0/8'] }));
    const defaults = {
      connection_limit: null,
      insert_headers: null,
      timeout_client_data: null,
      timeout_member_connect: null,
      timeout_member_data: null,
      timeout_tcp_inspect: null,
    };
    const again = { ...defaults, allowed_cidrs: [], name: 'http', description: '', tags: [] };
    await stage.change(() => octavia.listeners.update(id, again));
    expect(await cidrs()).toEqual(cleared);
    expect(await octavia.listeners.get(id)).toEqual({ ...before, ...moving });
  });

  test('with nothing in it is accepted, and makes the load balancer busy all the same', async () => {
    const answer = await stage.change(() => put({}));
    expect(answer).toMatchObject({ status: 200, body: { listener: { provisioning_status: 'PENDING_UPDATE' } } });
  });

  test('with a header that Octavia does not insert is refused', async () => {
    expect(await put({ insert_headers: { 'X-Foo': 'true' } })).toEqual(
      fault(400, "['X-Foo'] is not a valid option for insert_headers"),
    );
  });

  test('with allowed_cidrs of the other address family is refused', async () => {
    expect(await put({ allowed_cidrs: ['2001:db8::/32', '10.0.0.0/8'] })).toEqual(
      fault(400, await familyMismatch(cloud(), stage)),
    );
  });

  test('that is not there is not found', async () => {
    expect(await lbaas(cloud(), ['GET', `/listeners/${nowhere}`])).toEqual(
      fault(404, `Listener ${nowhere} not found.`),
    );
  });
}

function prometheus(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();

  test('has no children', async () => {
    const { octavia } = cloud().user('tenant-a').cloud;
    const body = { loadbalancer_id: stage.id(), protocol: 'PROMETHEUS', protocol_port: 8088 };
    const { id } = await stage.change(() => octavia.listeners.create(body));
    undo(() => stage.change(() => octavia.listeners.remove(id)));
    const refused = fault(400, 'Protocol PROMETHEUS listeners cannot have child objects.');
    const pool = { listener_id: id, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
    expect(await lbaas(cloud(), ['POST', '/pools', { pool }])).toEqual(refused);
    expect(await lbaas(cloud(), ['POST', '/l7policies', { l7policy: { listener_id: id, action: 'REJECT' } }])).toEqual(
      refused,
    );
  });
}
