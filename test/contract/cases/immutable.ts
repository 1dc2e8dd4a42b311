import { describe, expect, test } from '@jest/globals';
import { isImmutable } from 'openstack-sdk-lite/transport/errors';
import { z } from 'zod';
import { empty, fault, immutable } from '../answers.ts';
import { type Balancer, lbaas, removeBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

const pool = { protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
const created = z.object({ loadbalancer: z.object({ id: z.string() }) });
/** Long enough for all refused calls of a case on a slow machine. */
const busySeconds = 12;

export function immutableCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();

  describe('a busy load balancer', () => {
    test('refuses every change of it and below it, shows as PENDING_UPDATE, can be read, and is waited for', async () => {
      const id = stage.id();
      const [listenerId, poolId] = [stage.listener('http'), stage.pool('web')];
      const { octavia } = cloud().user('tenant-a').cloud;
      undo(() => cloud().waitActive(id));
      undo(() => cloud().faults.clear());
      await cloud().faults.delay(id, busySeconds);
      const busySince = performance.now();
      await octavia.listeners.update(listenerId, { name: 'http' });
      const monitor = { pool_id: poolId, type: 'PING', delay: 5, timeout: 3, max_retries: 3 };
      const calls = [
        ['POST', '/listeners', { listener: { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 8282 } }],
        ['PUT', `/listeners/${listenerId}`, { listener: { name: 'x' } }],
        ['DELETE', `/listeners/${listenerId}`],
        ['POST', '/pools', { pool: { loadbalancer_id: id, ...pool } }],
        ['PUT', `/pools/${poolId}`, { pool: { name: 'x' } }],
        ['DELETE', `/pools/${poolId}`],
        ['POST', `/pools/${poolId}/members`, { member: { address: '10.10.5.2', protocol_port: 80 } }],
        ['PUT', `/pools/${poolId}/members`, { members: [] }],
        ['POST', '/healthmonitors', { healthmonitor: monitor }],
        ['POST', '/l7policies', { l7policy: { listener_id: listenerId, action: 'REJECT' } }],
      ] as const;
      const answers = await Promise.all(calls.map((call) => lbaas(cloud(), call)));
      expect(answers.map((answer, index) => [calls[index], answer])).toEqual(
        calls.map((call) => [call, immutable(id)]),
      );
      const state = fault(409, `Invalid state PENDING_UPDATE of loadbalancer resource ${id}`);
      expect(await lbaas(cloud(), ['PUT', `/loadbalancers/${id}`, { loadbalancer: { name: 'x' } }])).toEqual(state);
      expect(await lbaas(cloud(), ['DELETE', `/loadbalancers/${id}?cascade=true`])).toEqual(state);
      expect((await octavia.loadBalancers.get(id)).provisioning_status).toBe('PENDING_UPDATE');
      expect((await octavia.listeners.get(listenerId)).provisioning_status).toBe('PENDING_UPDATE');
      const refused = octavia.pools.update(poolId, { name: 'web' });
      await expect(refused.catch((error: unknown) => isImmutable(error))).resolves.toBe(true);
      await cloud().faults.clear();
      expect(await octavia.untilMutable({ id, budgetMs: 120_000, busySince })).toMatchObject({ state: 'ACTIVE' });
    });
  });

  test('a load balancer that is being created cannot be changed nor deleted', async () => {
    await cloud().faults.delay('being-created', busySeconds);
    undo(() => cloud().faults.clear());
    const body = { name: 'being-created', vip_subnet_id: cloud().net.subnet, flavor_id: cloud().flavors.single };
    const answer = await lbaas(cloud(), ['POST', '/loadbalancers', { loadbalancer: body }]);
    const { id } = created.parse(answer.body).loadbalancer;
    undo(() => removeBalancer(cloud(), id));
    const state = fault(409, `Invalid state PENDING_CREATE of loadbalancer resource ${id}`);
    expect(await lbaas(cloud(), ['DELETE', `/loadbalancers/${id}`])).toEqual(state);
    expect(await lbaas(cloud(), ['PUT', `/loadbalancers/${id}`, { loadbalancer: { name: 'x' } }])).toEqual(state);
    const listener = { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 80 };
    expect(await lbaas(cloud(), ['POST', '/listeners', { listener }])).toEqual(immutable(id));
    await cloud().faults.clear();
    await cloud().waitActive(id);
    expect(await lbaas(cloud(), ['DELETE', `/loadbalancers/${id}`])).toEqual(empty(204));
    await cloud().waitGone(id);
  });
}
