import { describe, expect, test } from '@jest/globals';
import { isQuota } from 'openstack-sdk-lite/transport/errors';
import { anyId, neutronFault, nowhere } from '../answers.ts';
import { neutron } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

const external = /^172\.24\.4\.\d+$/;

export function floatingIpCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();
  const ips = () => cloud().user('tenant-a').cloud.neutron.floatingIps;
  const makePort = async (addresses = 1) => {
    const { ports } = cloud().user('tenant-a').cloud.neutron;
    const fixed_ips = Array.from({ length: addresses }, () => ({ subnet_id: cloud().net.subnet }));
    const port = await ports.create({ network_id: cloud().net.network, name: 'floated', fixed_ips });
    undo(() => ports.remove(port.id));
    return port;
  };
  const make = async (body: { port_id?: string; fixed_ip_address?: string; description?: string } = {}) => {
    const made = await ips().create({ floating_network_id: cloud().net.external, ...body });
    undo(() => ips().remove(made.id));
    return made;
  };

  describe('a floating IP', () => {
    test('is made for a port, let go, and attached again', async () => {
      const port = await makePort();
      const made = await make({ port_id: port.id, description: 'op' });
      const free = { ...made, port_id: null, fixed_ip_address: null, revision_number: expect.any(Number) };
      expect(made).toEqual({
        id: anyId,
        name: '',
        description: 'op',
        project_id: cloud().user('tenant-a').projectId,
        tags: [],
        revision_number: expect.any(Number),
        floating_ip_address: expect.stringMatching(external),
        floating_network_id: cloud().net.external,
        port_id: port.id,
        fixed_ip_address: port.fixed_ips[0]?.ip_address,
        status: expect.any(String),
      });
      expect(await ips().update(made.id, { port_id: null })).toEqual({ ...free, status: expect.any(String) });
      expect(await ips().update(made.id, { port_id: port.id })).toEqual({
        ...made,
        revision_number: expect.any(Number),
        status: expect.any(String),
      });
    });

    test('is moved to another port under another description in one call, and keeps its address', async () => {
      const [from, to] = [await makePort(), await makePort()];
      const made = await make({ port_id: from.id, description: 'of the first' });
      const target = {
        port_id: to.id,
        fixed_ip_address: to.fixed_ips[0]?.ip_address ?? '',
        description: 'of the second',
      };
      expect(await ips().update(made.id, target)).toEqual({
        ...made,
        ...target,
        revision_number: expect.any(Number),
        status: expect.any(String),
      });
      expect(await ips().list({ port_id: from.id })).toEqual([]);
      expect((await ips().list()).filter(({ id }) => id === made.id).map(({ port_id }) => port_id)).toEqual([to.id]);
    });

    test('is found by description, address, port and tags, which come by a call of their own', async () => {
      const port = await makePort();
      const made = await make({ port_id: port.id, description: 'contract-mark' });
      const found = async (filter: Readonly<Record<string, string>>) => (await ips().list(filter)).map((one) => one.id);
      expect(await found({ description: 'contract-mark' })).toEqual([made.id]);
      expect(await found({ floating_ip_address: made.floating_ip_address })).toEqual([made.id]);
      expect(await found({ port_id: port.id })).toEqual([made.id]);
      expect(await found({ tags: 'contract=ip' })).toEqual([]);
      await ips().replaceTags(made.id, ['contract=ip', 'b']);
      expect(await found({ tags: 'contract=ip' })).toEqual([made.id]);
      expect((await ips().get(made.id)).tags).toEqual(['b', 'contract=ip']);
    });

    test('is the only one of its address inside', async () => {
      const port = await makePort();
      await make({ port_id: port.id });
      const body = { floatingip: { floating_network_id: cloud().net.external, port_id: port.id } };
      const text = new RegExp(
        `^Cannot associate floating IP 172\\.24\\.4\\.\\d+ \\([0-9a-f-]{36}\\) with port ${port.id} using fixed IP ` +
          `${port.fixed_ips[0]?.ip_address}, as that fixed IP already has a floating IP on external network ${cloud().net.external}\\.$`,
      );
      expect(await neutron(cloud(), ['POST', '/floatingips', body])).toEqual(
        neutronFault(409, 'FloatingIPPortAlreadyAssociated', expect.stringMatching(text)),
      );
    });

    test('must be told the address of a port that has several', async () => {
      const port = await makePort(2);
      const body = { floatingip: { floating_network_id: cloud().net.external, port_id: port.id } };
      expect(await neutron(cloud(), ['POST', '/floatingips', body])).toEqual(
        neutronFault(
          400,
          'BadRequest',
          `Bad floatingip request: Port ${port.id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP.`,
        ),
      );
      const second = port.fixed_ips[1]?.ip_address ?? '';
      expect((await make({ port_id: port.id, fixed_ip_address: second })).fixed_ip_address).toBe(second);
    });

    test('comes out of an external network only', async () => {
      const { network } = cloud().net;
      const body = { floatingip: { floating_network_id: network } };
      expect(await neutron(cloud(), ['POST', '/floatingips', body])).toEqual(
        neutronFault(400, 'BadRequest', `Bad floatingip request: Network ${network} is not a valid external network.`),
      );
    });

    test('that is not there is not found', async () => {
      expect(await neutron(cloud(), ['GET', `/floatingips/${nowhere}`])).toEqual(
        neutronFault(404, 'FloatingIPNotFound', `Floating IP ${nowhere} could not be found`),
      );
    });
  });

  test('a full quota of Neutron is a conflict, which the SDK tells from the others', async () => {
    const path = `/quotas/${cloud().user('tenant-a').projectId}`;
    undo(() => neutron(cloud(), ['DELETE', path], 'admin'));
    expect((await neutron(cloud(), ['PUT', path, { quota: { floatingip: 0 } }], 'admin')).status).toBe(200);
    const body = { floating_network_id: cloud().net.external };
    expect(await neutron(cloud(), ['POST', '/floatingips', { floatingip: body }])).toEqual(
      neutronFault(409, 'OverQuota', "Quota exceeded for resources: ['floatingip']."),
    );
    await expect(
      ips()
        .create(body)
        .catch((error: unknown) => isQuota(error)),
    ).resolves.toBe(true);
  });
}
