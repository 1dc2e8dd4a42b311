import { describe, expect, test } from '@jest/globals';
import { fault } from '../answers.ts';
import { type Balancer, lbaas, removeLater } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function additionalVipAndQosCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('an additional VIP', () => additionalVip(cloud));
  describe('a QoS policy of the VIP', () => qosPolicy(cloud, stage));
}

function additionalVip(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();

  test('of the other family lives on the same port', async () => {
    const { subnet, subnet6 } = cloud().net;
    const { octavia, neutron } = cloud().user('tenant-a').cloud;
    const lb = await octavia.loadBalancers.create({
      name: 'dual',
      vip_subnet_id: subnet,
      flavor_id: cloud().flavors.single,
      additional_vips: [{ subnet_id: subnet6 }],
    });
    undo(async () => removeLater(cloud(), lb.id));
    const ip_address = expect.stringMatching(cloud().tenants.a.inside6);
    expect(lb.additional_vips).toEqual([{ subnet_id: subnet6, ip_address }]);
    const port = await neutron.ports.get(lb.vip_port_id ?? '');
    expect(port.fixed_ips).toHaveLength(2);
    expect(port.fixed_ips).toEqual(
      expect.arrayContaining([{ subnet_id: subnet, ip_address: lb.vip_address }, ...lb.additional_vips]),
    );
  });

  test('must be on the network of the VIP, but not in its subnet', async () => {
    const { subnet, subnetB } = cloud().net;
    const create = (additional: string) => {
      const body = { name: 'refused', vip_subnet_id: subnet, additional_vips: [{ subnet_id: additional }] };
      return lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: body }]);
    };
    expect(await create(subnet)).toEqual(
      fault(400, 'Validation failure: Duplicate VIP subnet(s) specified. Only one IP can be bound per subnet.'),
    );
    // it is compared before it is asked whose it is
    expect(await create(subnetB)).toEqual(
      fault(400, 'Validation failure: All VIP subnets must belong to the same network.'),
    );
  });
}

function qosPolicy(cloud: () => CloudUnderTest, stage: Balancer): void {
  const put = (policy: string | null) =>
    lbaas(cloud(), ['PUT', `/loadbalancers/${stage.id()}`, { loadbalancer: { vip_qos_policy_id: policy } }]);
  const seen = async () =>
    (await cloud().user('tenant-a').cloud.octavia.loadBalancers.get(stage.id())).vip_qos_policy_id;

  test('is taken when it is stage, and taken away by null', async () => {
    const { sharedQos } = cloud().net;
    expect((await stage.change(() => put(sharedQos))).status).toBe(200);
    expect(await seen()).toBe(sharedQos);
    expect((await stage.change(() => put(null))).status).toBe(200);
    expect(await seen()).toBe(null);
  });

  test("that is another project's is not found", async () => {
    const { foreignQos } = cloud().net;
    expect(await put(foreignQos)).toEqual(fault(400, `qos_policy ${foreignQos} not found.`));
  });
}
