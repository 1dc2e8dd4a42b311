import { describe, expect, test } from '@jest/globals';
import { fault } from '../answers.ts';
import { lbaas, makeBalancer, removeBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function ownVipPortCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();
  const makePort = async (name: string, subnets: readonly string[]) => {
    const { ports } = cloud().user('tenant-a').cloud.neutron;
    const body = { network_id: cloud().net.network, name, fixed_ips: subnets.map((subnet_id) => ({ subnet_id })) };
    const port = await ports.create(body);
    undo(() => ports.remove(port.id));
    return port;
  };

  describe("a VIP port of the tenant's own", () => {
    test('stays the tenant’s: only its security groups are replaced, and it survives the load balancer', async () => {
      const { octavia, neutron } = cloud().user('tenant-a').cloud;
      const port = await makePort('own-vip', [cloud().net.subnet]);
      const id = await makeBalancer(cloud(), { name: 'own-port', vip_port_id: port.id });
      undo(() => removeBalancer(cloud(), id));
      expect(await octavia.loadBalancers.get(id)).toMatchObject({
        vip_port_id: port.id,
        vip_address: port.fixed_ips[0]?.ip_address,
        vip_subnet_id: cloud().net.subnet,
      });
      expect((await octavia.loadBalancers.list({ vip_port_id: port.id })).map((one) => one.id)).toEqual([id]);
      const revision_number = expect.any(Number);
      const guarded = await neutron.ports.get(port.id);
      expect(guarded).toEqual({ ...port, revision_number, security_groups: [expect.any(String)] });
      expect(guarded.security_groups).not.toEqual(port.security_groups);
      await removeBalancer(cloud(), id);
      expect(await neutron.ports.get(port.id)).toEqual({ ...port, revision_number, security_groups: [] });
    });

    test('with both families needs the subnet to be named; the other address becomes an additional VIP', async () => {
      const { subnet, subnet6 } = cloud().net;
      const port = await makePort('dual-vip', [subnet, subnet6]);
      const refused = { loadbalancer: { name: 'dual-port', vip_port_id: port.id } };
      expect(await lbaas(cloud(), ['POST', '/loadbalancers', refused])).toEqual(
        fault(400, expect.stringContaining('vip_subnet_id')),
      );
      const address = (of: string) => port.fixed_ips.find((one) => one.subnet_id === of)?.ip_address ?? '';
      const id = await makeBalancer(cloud(), {
        name: 'dual-port',
        vip_port_id: port.id,
        vip_subnet_id: subnet,
        additional_vips: [{ subnet_id: subnet6, ip_address: address(subnet6) }],
      });
      undo(() => removeBalancer(cloud(), id));
      expect(await cloud().user('tenant-a').cloud.octavia.loadBalancers.get(id)).toMatchObject({
        vip_address: address(subnet),
        additional_vips: [{ subnet_id: subnet6, ip_address: address(subnet6) }],
      });
    });
  });
}
