import { describe, expect, test } from '@jest/globals';
import { empty, fault } from '../answers.ts';
import { lbaas, makeBalancer, removeBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

const pool = (name: string) => ({ name, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' });

export function deleteOrderCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();
  const remove = (path: string) => lbaas(cloud(), ['DELETE', path]);

  describe('taking a tree apart', () => {
    test('goes from what points to what is pointed at; a default pool may go first, a listener takes its policies along', async () => {
      const id = await makeBalancer(cloud(), tree);
      undo(() => removeBalancer(cloud(), id));
      const settled = async (step: () => Promise<unknown>) => {
        const answer = await step();
        await cloud().waitActive(id);
        return answer;
      };
      const { octavia } = cloud().user('tenant-a').cloud;
      const [listener] = await octavia.listeners.list({ loadbalancer_id: id });
      const pools = new Map((await octavia.pools.list({ loadbalancer_id: id })).map((one) => [one.name, one.id]));
      const [web, api] = [pools.get('web') ?? '', pools.get('api') ?? ''];
      const policyId = listener?.l7policies[0]?.id ?? '';
      const listenerId = listener?.id ?? '';

      expect(await remove(`/loadbalancers/${id}`)).toEqual(
        fault(400, `Validation failure: Cannot delete Load Balancer ${id} - it has children`),
      );
      expect(await remove(`/pools/${api}`)).toEqual(fault(409, `Pool ${api} is in use by L7 policy ${policyId}`));
      expect(await settled(() => remove(`/pools/${web}`))).toEqual(empty(204));
      expect((await octavia.listeners.get(listenerId)).default_pool_id).toBe(null);
      expect(await remove(`/pools/${web}`)).toEqual(fault(404, `Pool ${web} not found.`));
      expect(await settled(() => remove(`/listeners/${listenerId}`))).toEqual(empty(204));
      expect(await octavia.l7Policies.list({ listener_id: listenerId })).toEqual([]);
      expect((await octavia.pools.list({ loadbalancer_id: id })).map((one) => one.name)).toEqual(['api']);
    });

    test('at once is a cascade, which leaves nothing but the floating IP behind', async () => {
      const { octavia, neutron } = cloud().user('tenant-a').cloud;
      const id = await makeBalancer(cloud(), { ...tree, pools: [...tree.pools, pool('pending')] });
      undo(() => removeBalancer(cloud(), id));
      const lb = await octavia.loadBalancers.get(id);
      const portId = lb.vip_port_id ?? '';
      const ip = await neutron.floatingIps.create({ floating_network_id: cloud().net.external, port_id: portId });
      undo(() => neutron.floatingIps.remove(ip.id));
      expect(ip.fixed_ip_address).toBe(lb.vip_address);
      const listeners = (await octavia.listeners.list({ loadbalancer_id: id })).map((one) => one.id);
      expect(listeners).toHaveLength(1);
      const put = await lbaas(cloud(), ['PUT', `/loadbalancers/${id}?cascade=true`, { loadbalancer: { name: 'x' } }]);
      expect(put).toEqual(fault(400, 'Unknown argument: "cascade"'));
      expect(await remove(`/loadbalancers/${id}?cascade=true`)).toEqual(empty(204));
      await cloud().waitGone(id);
      expect(await remove(`/loadbalancers/${id}`)).toEqual(fault(404, `Load Balancer ${id} not found.`));
      await expect(octavia.listeners.get(listeners[0] ?? '')).rejects.toMatchObject({ status: 404 });
      await expect(neutron.ports.get(portId)).rejects.toMatchObject({ status: 404 });
      const { floating_ip_address } = ip;
      expect(await neutron.floatingIps.get(ip.id)).toMatchObject({
        floating_ip_address,
        port_id: null,
        fixed_ip_address: null,
      });
    });
  });
}

const tree = {
  name: 'taken-apart',
  listeners: [
    {
      name: 'http',
      protocol: 'HTTP',
      protocol_port: 80,
      default_pool: { name: 'web' },
      l7policies: [
        {
          action: 'REDIRECT_TO_POOL',
          redirect_pool: { name: 'api' },
          rules: [{ type: 'PATH', compare_type: 'STARTS_WITH', value: '/api' }],
        },
      ],
    },
  ],
  pools: [pool('web'), pool('api')],
};
