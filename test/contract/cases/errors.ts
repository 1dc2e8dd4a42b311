import { describe, expect, test } from '@jest/globals';
import { isBalancerInError } from 'openstack-sdk-lite/transport/errors';
import { denied, empty, fault, immutable } from '../answers.ts';
import { lbaas, removeBalancer, sharedBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

/** What fails after it was accepted, and what every refusal has. */
export function errorCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();

  test('every answer of Octavia and Neutron has a request id, and none says when to come back', async () => {
    for (const [service, path] of [
      ['octavia', '/v2/lbaas/loadbalancers'],
      ['octavia', '/v2/octavia/amphorae'],
      ['neutron', '/v2.0/ports'],
      ['neutron', '/v2.0/ports/none'],
    ] as const) {
      const { headers } = await cloud().user('tenant-a').exchange({ service, method: 'GET', path });
      expect([path, headers['x-openstack-request-id'], headers['retry-after']]).toEqual([
        path,
        expect.stringMatching(/^req-[0-9a-f-]{36}$/),
        undefined,
      ]);
    }
  });

  test('the SDK keeps status, text and request id of a refusal, and where it happened', async () => {
    const refused = cloud().user('tenant-a').cloud.octavia.amphorae.list();
    await expect(refused).rejects.toMatchObject({
      kind: 'http',
      status: 403,
      faultText: 'Policy does not allow this request to be performed.',
      requestId: expect.stringMatching(/^req-/),
      service: 'octavia',
      method: 'GET',
      path: '/v2/octavia/amphorae',
    });
    expect(denied.status).toBe(403);
  });

  describe('a change that fails when it is carried out', () => {
    const shared = sharedBalancer(cloud, 'failing');

    test('leaves the listener in ERROR and the load balancer ACTIVE; an update repairs it', async () => {
      const { listeners } = cloud().user('tenant-a').cloud.octavia;
      undo(() => cloud().faults.clear());
      await cloud().faults.failNext(shared.id());
      const body = { loadbalancer_id: shared.id(), protocol: 'HTTP', protocol_port: 80 };
      const { id } = await shared.change(() => listeners.create(body));
      expect((await listeners.get(id)).provisioning_status).toBe('ERROR');
      await cloud().faults.clear();
      await shared.change(() => listeners.update(id, { name: 'retry' }));
      expect(await listeners.get(id)).toMatchObject({ name: 'retry', provisioning_status: 'ACTIVE' });
      await shared.change(() => listeners.remove(id));
    });
  });

  test('a load balancer whose creation failed is in ERROR: it and its children refuse changes, it can be deleted', async () => {
    const { octavia } = cloud().user('tenant-a').cloud;
    undo(() => cloud().faults.clear());
    await cloud().faults.failNext('broken');
    const body = { name: 'broken', vip_subnet_id: cloud().net.subnet, flavor_id: cloud().flavors.single };
    const { id } = await octavia.loadBalancers.create(body);
    undo(() => removeBalancer(cloud(), id));
    await cloud().waitError(id);
    await cloud().faults.clear();
    const listener = { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 80 };
    expect(await lbaas(cloud(), ['POST', '/listeners', { listener }])).toEqual(immutable(id));
    expect(await lbaas(cloud(), ['PUT', `/loadbalancers/${id}`, { loadbalancer: { name: 'x' } }])).toEqual(
      fault(409, `Invalid state ERROR of loadbalancer resource ${id}`),
    );
    const refused = octavia.loadBalancers.update(id, { name: 'x' });
    await expect(refused.catch((error: unknown) => isBalancerInError(error))).resolves.toBe(true);
    expect(await octavia.untilMutable({ id, budgetMs: 1_000 })).toMatchObject({ state: 'ERROR' });
    expect(await lbaas(cloud(), ['DELETE', `/loadbalancers/${id}?cascade=true`])).toEqual(empty(204));
    await cloud().waitGone(id);
  });
}
