import { describe, expect, test } from '@jest/globals';
import { isStale } from 'openstack-sdk-lite/transport/errors';
import { anyId, neutronFault, nowhere } from '../answers.ts';
import { neutron } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function portCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();
  const ports = () => cloud().user('tenant-a').cloud.neutron.ports;
  const make = async () => {
    const fixed_ips = [{ subnet_id: cloud().net.subnet }];
    const port = await ports().create({ network_id: cloud().net.network, name: 'a-port', description: 'd', fixed_ips });
    undo(() => ports().remove(port.id));
    return port;
  };

  describe('a port', () => {
    test('is made with the default security group, and with nothing that is not said', async () => {
      const port = await make();
      const groups = await cloud().user('tenant-a').cloud.neutron.securityGroups.list({ name: 'default' });
      expect(port).toEqual({
        id: anyId,
        name: 'a-port',
        description: 'd',
        project_id: cloud().user('tenant-a').projectId,
        tags: [],
        revision_number: expect.any(Number),
        network_id: cloud().net.network,
        admin_state_up: true,
        status: 'DOWN',
        mac_address: expect.stringMatching(/^fa:16:3e:/),
        device_owner: '',
        device_id: '',
        fixed_ips: [{ subnet_id: cloud().net.subnet, ip_address: expect.stringMatching(cloud().tenants.a.inside) }],
        security_groups: groups.map((one) => one.id),
        allowed_address_pairs: [],
        port_security_enabled: true,
      });
    });

    test('is found by name, address, device and network', async () => {
      const port = await make();
      await ports().update(port.id, { device_id: 'contract-device' });
      const ip = port.fixed_ips[0]?.ip_address ?? '';
      for (const filter of [{ name: 'a-port' }, { device_id: 'contract-device' }, { fixed_ips: `ip_address=${ip}` }])
        expect((await ports().list({ ...filter, network_id: port.network_id })).map((one) => one.id)).toEqual([
          port.id,
        ]);
    });

    test('takes an update for the revision that it has, and refuses one for another', async () => {
      const port = await make();
      const revision = port.revision_number ?? 0;
      const changed = await ports().updateRevision({ id: port.id, revision }, { security_groups: [] });
      expect(changed.security_groups).toEqual([]);
      expect(changed.revision_number).toBeGreaterThan(revision);
      const stale = ports().updateRevision({ id: port.id, revision }, { name: 'x' });
      await expect(stale.catch((error: unknown) => isStale(error))).resolves.toBe(true);
      const answer = await cloud()
        .user('tenant-a')
        .call({
          service: 'neutron',
          method: 'PUT',
          path: `/v2.0/ports/${port.id}`,
          headers: { 'If-Match': `revision_number=${revision}` },
          body: { port: { name: 'x' } },
        });
      expect(answer).toEqual(
        neutronFault(
          412,
          'RevisionNumberConstraintFailed',
          `Constrained to ${revision}, but current revision is ${changed.revision_number}`,
        ),
      );
      expect((await ports().get(port.id)).name).toBe('a-port');
    });

    test('of another project is not found, and neither is one that is not there', async () => {
      const port = await make();
      expect(await neutron(cloud(), ['GET', `/ports/${port.id}`], 'tenant-b')).toEqual(missing(port.id));
      expect(await neutron(cloud(), ['GET', `/ports/${nowhere}`])).toEqual(missing(nowhere));
    });
  });
}

function missing(id: string) {
  return neutronFault(404, 'PortNotFound', `Port ${id} could not be found.`);
}
