import { describe, expect, test } from '@jest/globals';
import { anyId, denied, empty } from '../answers.ts';
import { lbaas, sharedBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';

export function failoverCases(cloud: () => CloudUnderTest): void {
  describe('an active-standby load balancer', () => {
    const shared = sharedBalancer(cloud, 'pair', ({ flavors }) => ({ flavor_id: flavors['active-standby'] }));
    const pair = async () => {
      const { amphorae } = cloud().user('tenant-a-admin').cloud.octavia;
      const both = await amphorae.list({ loadbalancer_id: shared.id() });
      return both.toSorted((a, b) => (b.vrrp_priority ?? 0) - (a.vrrp_priority ?? 0));
    };

    test('has a master and a backup, which an administrator sees and a member does not', async () => {
      const lb = await cloud().user('tenant-a').cloud.octavia.loadBalancers.get(shared.id());
      const amphora = (role: string, vrrp_priority: number) => ({
        id: anyId,
        loadbalancer_id: shared.id(),
        compute_id: expect.any(String),
        status: 'ALLOCATED',
        role,
        vrrp_ip: expect.stringMatching(cloud().tenants.a.inside),
        vrrp_port_id: anyId,
        vrrp_priority,
        ha_ip: lb.vip_address,
        ha_port_id: lb.vip_port_id,
        lb_network_ip: expect.any(String),
        cached_zone: null,
      });
      expect(await pair()).toEqual([amphora('MASTER', 100), amphora('BACKUP', 90)]);
      for (const path of ['/v2/octavia/amphorae', `/v2/octavia/amphorae?loadbalancer_id=${shared.id()}`])
        expect(await cloud().user('tenant-a').call({ service: 'octavia', method: 'GET', path })).toEqual(denied);
    });

    test('fails over for an administrator only: other amphorae, the same address, no change for its children', async () => {
      const path = `/loadbalancers/${shared.id()}/failover`;
      const { loadBalancers } = cloud().user('tenant-a').cloud.octavia;
      expect(await lbaas(cloud(), ['PUT', path])).toEqual(denied);
      const before = new Set((await pair()).map((one) => one.id));
      const address = (await loadBalancers.get(shared.id())).vip_address;
      expect(await shared.change(() => lbaas(cloud(), ['PUT', path], 'tenant-a-admin'))).toEqual(empty(202));
      const after = await pair();
      expect(after.map((one) => [one.role, before.has(one.id)])).toEqual([
        ['MASTER', false],
        ['BACKUP', false],
      ]);
      expect((await loadBalancers.get(shared.id())).vip_address).toBe(address);
    });
  });
}
