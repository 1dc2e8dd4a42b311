import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { anyId, anyTime, denied, empty, fault, neutronSays, nowhere } from '../answers.ts';
import { type Balancer, lbaas, neutron, removeLater } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function loadBalancerCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('creating a load balancer', () => {
    refusedCreates(cloud);
    acceptedCreates(cloud);
  });
  describe('a load balancer', () => {
    existingBalancer(cloud, stage);
  });
}

function refusedCreates(cloud: () => CloudUnderTest): void {
  const create = (body: Readonly<Record<string, unknown>>) =>
    lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: { name: 'refused', ...body } }]);
  const onSubnet = (body: Readonly<Record<string, unknown>>) => create({ vip_subnet_id: cloud().net.subnet, ...body });

  test('without a VIP is refused', async () => {
    expect(await create({})).toEqual(
      fault(400, 'Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.'),
    );
  });

  test("on a subnet that is unknown, or another project's, is refused as if it were not there", async () => {
    expect(await create({ vip_subnet_id: nowhere })).toEqual(fault(400, `Subnet ${nowhere} not found.`));
    const { subnetB } = cloud().net;
    expect(await create({ vip_subnet_id: subnetB })).toEqual(fault(400, `Subnet ${subnetB} not found.`));
  });

  test('on what is not an id is refused', async () => {
    expect(await create({ vip_subnet_id: 'notauuid' })).toEqual(
      fault(400, "Invalid input for field/attribute vip_subnet_id. Value: 'notauuid'. Value should be UUID format"),
    );
  });

  test('with an address outside of the subnet is a 500 with the text of Neutron in it', async () => {
    const text = "Provider 'amphora' reports error: IP address 10.99.0.1 is not a valid IP for the specified subnet.";
    expect(await onSubnet({ vip_address: '10.99.0.1' })).toEqual(fault(500, neutronSays(text)));
  });

  test('with an attribute that there is not is refused', async () => {
    expect(await onSubnet({ bogus: 1 })).toEqual(
      fault(400, 'Unknown attribute for argument load_balancer.loadbalancer: bogus'),
    );
  });

  test('with a provider or flavor that there is not is refused', async () => {
    expect(await onSubnet({ provider: 'ovn' })).toEqual(fault(400, "Provider 'ovn' is not enabled."));
    expect(await onSubnet({ flavor_id: nowhere })).toEqual(fault(400, 'Validation failure: Invalid flavor_id.'));
  });

  test('with a name or tag of more than 255 characters is refused', async () => {
    const name = 'x'.repeat(256);
    const longest = 'Value should have a maximum character requirement of 255';
    expect(await onSubnet({ name })).toEqual(
      fault(400, `Invalid input for field/attribute name. Value: '${name}'. ${longest}`),
    );
    expect(await onSubnet({ tags: [name] })).toEqual(
      fault(400, `Invalid input for field/attribute tags. Value: '['${name}']'. ${longest}`),
    );
  });

  test('with something else than JSON is refused', async () => {
    expect(await lbaas(cloud(), ['POST', '/loadbalancers', '{bad json'])).toEqual(
      fault(400, 'Request is not in valid JSON format'),
    );
  });

  test('for another project is denied', async () => {
    expect(await onSubnet({ project_id: cloud().user('tenant-b').projectId })).toEqual(denied);
  });
}

const created = z.object({ loadbalancer: z.object({ id: z.string(), vip_port_id: z.string() }) });

function acceptedCreates(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();

  test('answers before it is there, with everything that is known by then, and makes its port, which can be lost', async () => {
    const { net, flavors } = cloud();
    const { projectId } = cloud().user('tenant-a');
    const body = { name: 'whole', description: 'd', vip_subnet_id: net.subnet, flavor_id: flavors.single, tags: ['t'] };
    const answer = await lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: body }]);
    const { id, vip_port_id: portId } = created.parse(answer.body).loadbalancer;
    undo(async () => removeLater(cloud(), id));
    const known = {
      id,
      name: 'whole',
      description: 'd',
      admin_state_up: true,
      project_id: projectId,
      tenant_id: projectId,
      created_at: anyTime,
      vip_address: expect.stringMatching(cloud().tenants.a.inside),
      vip_port_id: anyId,
      vip_subnet_id: net.subnet,
      vip_network_id: net.network,
      additional_vips: [],
      provider: 'amphora',
      flavor_id: flavors.single,
      vip_qos_policy_id: null,
      availability_zone: null,
      listeners: [],
      pools: [],
      tags: ['t'],
    };
    expect(answer).toEqual({
      status: 201,
      body: {
        loadbalancer: {
          ...known,
          provisioning_status: 'PENDING_CREATE',
          operating_status: 'OFFLINE',
          updated_at: null,
        },
      },
    });
    await cloud().waitActive(id);
    expect(await neutron(cloud(), ['GET', `/ports/${portId}`])).toMatchObject({
      status: 200,
      body: {
        port: { name: `octavia-lb-${id}`, device_id: `lb-${id}`, device_owner: 'Octavia', project_id: projectId },
      },
    });
    const there = await lbaas(cloud(), ['GET', `/loadbalancers/${id}`]);
    expect(there).toEqual({
      status: 200,
      body: {
        loadbalancer: {
          ...known,
          provisioning_status: 'ACTIVE',
          operating_status: expect.stringMatching(/^(ONLINE|OFFLINE)$/),
          updated_at: anyTime,
        },
      },
    });
    // nothing in Neutron protects the port from its tenant, and the load balancer goes without it
    expect(await neutron(cloud(), ['DELETE', `/ports/${portId}`])).toEqual(empty(204));
  });

  test('on a network that has both families chooses an IPv4 address', async () => {
    const { net } = cloud();
    const body = { name: 'on-network', vip_network_id: net.network, flavor_id: cloud().flavors.single };
    const made = await cloud().user('tenant-a').cloud.octavia.loadBalancers.create(body);
    undo(async () => removeLater(cloud(), made.id));
    expect([made.vip_network_id, made.vip_subnet_id]).toEqual([net.network, net.subnet]);
  });
}

/** What changes by itself. */
const moving = { operating_status: expect.any(String), updated_at: expect.any(String) };

function existingBalancer(cloud: () => CloudUnderTest, stage: Balancer): void {
  const put = (body: Readonly<Record<string, unknown>>) =>
    lbaas(cloud(), ['PUT', `/loadbalancers/${stage.id()}`, { loadbalancer: body }]);

  test('takes another name, description and tags, and keeps what is not said', async () => {
    const { octavia } = cloud().user('tenant-a').cloud;
    const before = await octavia.loadBalancers.get(stage.id());
    const change = { name: 'renamed', description: 'said', tags: ['y', 'x=1'] };
    const answer = await stage.change(() => octavia.loadBalancers.update(stage.id(), change));
    expect(answer).toEqual({
      ...before,
      ...change,
      tags: ['x=1', 'y'],
      provisioning_status: 'PENDING_UPDATE',
      ...moving,
    });
    expect(await octavia.loadBalancers.get(stage.id())).toEqual({
      ...answer,
      provisioning_status: 'ACTIVE',
      ...moving,
    });
    const { name, description, tags } = before;
    await stage.change(() => octavia.loadBalancers.update(stage.id(), { name, description, tags }));
  });

  test.each([
    ['vip_address', '10.10.7.7'],
    ['vip_subnet_id', nowhere],
    ['vip_port_id', nowhere],
    ['flavor_id', null],
    ['provider', 'octavia'],
    ['availability_zone', 'z'],
    ['project_id', 'x'],
    ['additional_vips', []],
  ])('never takes another %s', async (field, value) => {
    expect(await put({ [field]: value })).toEqual(
      fault(400, `Unknown attribute for argument load_balancer.loadbalancer: ${field}`),
    );
  });

  test('has an address that no other can have: a 500 with the text of Neutron in it', async () => {
    const { vip_address: address } = await cloud().user('tenant-a').cloud.octavia.loadBalancers.get(stage.id());
    const { subnet } = cloud().net;
    const body = { loadbalancer: { name: 'same-address', vip_subnet_id: subnet, vip_address: address } };
    const text = `Provider 'amphora' reports error: IP address ${address} already allocated in subnet ${subnet}`;
    expect(await lbaas(cloud(), ['POST', '/loadbalancers', body])).toEqual(fault(500, neutronSays(text)));
  });

  test('is denied to another project, not hidden from it', async () => {
    const path = `/loadbalancers/${stage.id()}`;
    expect(await lbaas(cloud(), ['GET', path], 'tenant-b')).toEqual(denied);
    expect(await lbaas(cloud(), ['PUT', path, { loadbalancer: { name: 'x' } }], 'tenant-b')).toEqual(denied);
    expect(await lbaas(cloud(), ['DELETE', path], 'tenant-b')).toEqual(denied);
    expect(await cloud().user('tenant-b').cloud.octavia.loadBalancers.list({ id: stage.id() })).toEqual([]);
  });

  test('shows its statistics', async () => {
    expect(await lbaas(cloud(), ['GET', `/loadbalancers/${stage.id()}/stats`])).toEqual({
      status: 200,
      body: { stats: { bytes_in: 0, bytes_out: 0, active_connections: 0, total_connections: 0, request_errors: 0 } },
    });
  });

  test.each([[nowhere], ['notauuid']])('that is not there (%s) is not found', async (id) => {
    expect(await lbaas(cloud(), ['GET', `/loadbalancers/${id}`])).toEqual(fault(404, `Load Balancer ${id} not found.`));
  });
}
