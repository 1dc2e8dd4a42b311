import { describe, expect, test } from '@jest/globals';
import { neutronFault, nowhere } from '../answers.ts';
import { neutron } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';

/** What a spec's names and ids are looked up with. */
export function networkCases(cloud: () => CloudUnderTest): void {
  const client = () => cloud().user('tenant-a').cloud.neutron;

  describe('a network', () => {
    test('is found by its name and id, with its subnets', async () => {
      const { network, subnet, subnet6 } = cloud().net;
      const name = `${cloud().tenants.a.name}-net`;
      const [found, ...others] = await client().networks.list({ name });
      expect(others).toEqual([]);
      expect(found).toMatchObject({
        id: network,
        name,
        project_id: cloud().user('tenant-a').projectId,
        admin_state_up: true,
        shared: false,
        'router:external': false,
      });
      expect(new Set(found?.subnets)).toEqual(new Set([subnet, subnet6]));
      expect(await client().networks.get(network)).toEqual(found);
    });

    test('that is external is found as such', async () => {
      const found = await client().networks.list({ 'router:external': true });
      expect(found.map((one) => [one.id, one.name])).toEqual([[cloud().net.external, 'public']]);
    });

    test("that is not there, or another project's, is not found", async () => {
      for (const id of [nowhere, cloud().net.networkB])
        expect(await neutron(cloud(), ['GET', `/networks/${id}`])).toEqual(
          neutronFault(404, 'NetworkNotFound', `Network ${id} could not be found.`),
        );
      expect(await client().networks.list({ name: `${cloud().tenants.b.name}-net` })).toEqual([]);
    });
  });

  describe('a subnet', () => {
    test('is found by its name, id and network, and tells its family', async () => {
      const { network, subnet, subnet6 } = cloud().net;
      const common = { network_id: network, project_id: cloud().user('tenant-a').projectId };
      const { name, cidr, gateway, cidr6 } = cloud().tenants.a;
      expect(await client().subnets.list({ name: `${name}-subnet` })).toMatchObject([
        { ...common, id: subnet, ip_version: 4, cidr, gateway_ip: gateway },
      ]);
      expect(await client().subnets.get(subnet6)).toMatchObject({ ...common, ip_version: 6, cidr: cidr6 });
      const all = await client().subnets.list({ network_id: network });
      expect(new Set(all.map((one) => one.id))).toEqual(new Set([subnet, subnet6]));
    });

    test("that is not there, or another project's, is not found", async () => {
      for (const id of [nowhere, cloud().net.subnetB])
        expect(await neutron(cloud(), ['GET', `/subnets/${id}`])).toEqual(
          neutronFault(404, 'SubnetNotFound', `Subnet ${id} could not be found.`),
        );
    });
  });

  describe('a router', () => {
    test('is found by the interface that it has in a subnet, and tells the network outside', async () => {
      const { subnet, external } = cloud().net;
      const ports = await client().ports.list({ fixed_ips: `subnet_id=${subnet}` });
      const [device, ...others] = ports.flatMap(({ device_owner, device_id }) =>
        device_owner.startsWith('network:router') ? [device_id] : [],
      );
      expect(others).toEqual([]);
      const common = {
        name: `${cloud().tenants.a.name}-router`,
        project_id: cloud().user('tenant-a').projectId,
        admin_state_up: true,
      };
      const found = await client().routers.list({ id: device });
      expect(found).toMatchObject([{ ...common, id: device, external_gateway_info: { network_id: external } }]);
      expect(await client().routers.get(device ?? '')).toEqual(found[0]);
    });

    test('that is not there is not found', async () => {
      expect(await client().routers.list({ id: nowhere })).toEqual([]);
      expect(await neutron(cloud(), ['GET', `/routers/${nowhere}`])).toEqual(
        neutronFault(404, 'RouterNotFound', `Router ${nowhere} could not be found`),
      );
    });
  });
}
