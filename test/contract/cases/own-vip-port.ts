import { describe, expect, test } from '@jest/globals';
import { fault } from '../answers.ts';
import { lbaas, makeBalancer, removeBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function ownVipPortCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();

  describe("a VIP port of the tenant's own", () => {
    test('that has both families needs its subnet named; only its security groups are replaced, and it survives the load balancer', async () => {
      const { net } = cloud();
      const { octavia, neutron } = cloud().user('tenant-a').cloud;
      const fixed_ips = [net.subnet, net.subnet6].map((subnet_id) => ({ subnet_id }));
      const port = await neutron.ports.create({ network_id: net.network, name: 'own-vip', fixed_ips });
      undo(() => neutron.ports.remove(port.id));
      const address = (of: string) => port.fixed_ips.find((one) => one.subnet_id === of)?.ip_address ?? '';
      const body = { name: 'own-port', vip_port_id: port.id };
      expect(await lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: body }])).toEqual(
        fault(
          400,
          "Validation failure: VIP port's subnet could not be determined. Please specify either a VIP subnet or address.",
        ),
      );
      const additional_vips = [{ subnet_id: net.subnet6, ip_address: address(net.subnet6) }];
      const id = await makeBalancer(cloud(), { ...body, vip_subnet_id: net.subnet, additional_vips });
      undo(() => removeBalancer(cloud(), id));
      expect(await octavia.loadBalancers.get(id)).toMatchObject({
        vip_port_id: port.id,
        vip_address: address(net.subnet),
        vip_subnet_id: net.subnet,
        additional_vips,
      });
      expect((await octavia.loadBalancers.list({ vip_port_id: port.id })).map((one) => one.id)).toEqual([id]);
      const revision_number = expect.any(Number);
      const guarded = await neutron.ports.get(port.id);
      expect(guarded).toEqual({ ...port, revision_number, security_groups: [expect.any(String)] });
      expect(guarded.security_groups).not.toEqual(port.security_groups);
      await removeBalancer(cloud(), id);
      expect(await neutron.ports.get(port.id)).toEqual({ ...port, revision_number, security_groups: [] });
    });
  });
}
