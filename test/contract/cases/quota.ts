import { describe, expect, test } from '@jest/globals';
import { isPolicyDenied, isQuota } from 'openstack-sdk-lite/transport/errors';
import { denied, empty, fault } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

/** Nothing more may be made, whatever is there already. */
const none = { load_balancer: 0, listener: 0, pool: 0, member: 0, health_monitor: 0, l7policy: 0, l7rule: 0 };
const pool = { protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };

export function quotaCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();
  const path = () => `/quotas/${cloud().user('tenant-a').projectId}`;

  describe('a quota', () => {
    test('that is met refuses with 403 and says of what; deletions go on', async () => {
      const { octavia } = cloud().user('tenant-a').cloud;
      const spare = await stage.change(() =>
        octavia.l7Policies.create({ listener_id: stage.listener('http'), action: 'REJECT' }),
      );
      undo(() => lbaas(cloud(), ['DELETE', path()], 'tenant-a-admin'));
      expect(await lbaas(cloud(), ['PUT', path(), { quota: none }], 'tenant-a-admin')).toEqual({
        status: 202,
        body: { quota: none },
      });
      const monitor = { pool_id: stage.pool('web'), type: 'PING', delay: 5, timeout: 3, max_retries: 3 };
      const member = { address: '10.10.5.1', protocol_port: 80 };
      const creates = [
        ['/loadbalancers', { loadbalancer: { name: 'over', vip_subnet_id: cloud().net.subnet } }, 'Load Balancer'],
        [
          '/listeners',
          { listener: { loadbalancer_id: stage.id(), protocol: 'HTTP', protocol_port: 8181 } },
          'Listener',
        ],
        ['/pools', { pool: { loadbalancer_id: stage.id(), ...pool } }, 'Pool'],
        [`/pools/${stage.pool('web')}/members`, { member }, 'Member'],
        ['/healthmonitors', { healthmonitor: monitor }, 'Health Monitor'],
        ['/l7policies', { l7policy: { listener_id: stage.listener('http'), action: 'REJECT' } }, 'L7 Policy'],
        [
          `/l7policies/${spare.id}/rules`,
          { rule: { type: 'PATH', compare_type: 'STARTS_WITH', value: '/' } },
          'L7 Rule',
        ],
      ] as const;
      for (const [at, body, resource] of creates)
        expect([at, await lbaas(cloud(), ['POST', at, body])]).toEqual([at, used(resource)]);
      const batch = { members: [member] };
      expect(await lbaas(cloud(), ['PUT', `/pools/${stage.pool('web')}/members`, batch])).toEqual(used('Member'));
      await stage.change(() => octavia.l7Policies.remove(spare.id));
    });

    test('is told from a denial by its text alone', async () => {
      undo(() => lbaas(cloud(), ['DELETE', path()], 'tenant-a-admin'));
      await lbaas(cloud(), ['PUT', path(), { quota: { pool: 0 } }], 'tenant-a-admin');
      const body = { loadbalancer_id: stage.id(), ...pool };
      const over = cloud().user('tenant-a').cloud.octavia.pools.create(body).catch(judge);
      expect(await over).toEqual([true, false]);
      const foreign = cloud().user('tenant-b').cloud.octavia.loadBalancers.get(stage.id()).catch(judge);
      expect(await foreign).toEqual([false, true]);
    });

    test('is shown to its own project, and set by an administrator only', async () => {
      const unlimited = Object.fromEntries(Object.keys(none).map((key) => [key, -1]));
      expect(await lbaas(cloud(), ['GET', path()])).toEqual({ status: 200, body: { quota: unlimited } });
      expect(await lbaas(cloud(), ['GET', '/quotas/defaults'])).toEqual(denied);
      expect(await lbaas(cloud(), ['GET', `/quotas/${cloud().user('tenant-b').projectId}`])).toEqual(denied);
      expect(await lbaas(cloud(), ['PUT', path(), { quota: { load_balancer: 1 } }])).toEqual(denied);
      expect(await lbaas(cloud(), ['DELETE', path()], 'tenant-a-admin')).toEqual(empty(202));
    });
  });
}

function used(resource: string) {
  return fault(403, `Quota has been met for resources: ${resource}`);
}

function judge(error: unknown) {
  return [isQuota(error), isPolicyDenied(error)];
}
