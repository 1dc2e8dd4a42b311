import { describe, expect, test } from '@jest/globals';
import { Secret } from 'openstack-sdk-lite/secret';
import { empty, fault } from './answers.ts';
import { lbaas, makeBalancer } from './balancer.ts';
import { bundle } from './bundle.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';

/** Several times what a change takes on the fake. */
const patienceMs = 1_000;

/**
 * What leaves a load balancer PENDING_* for ever. The real Octavia did all of this, and only a change of its database brought the
 * load balancer back: a lab that others use cannot be asked again, so these cases run on the fake alone.
 */
export function wedgeCases(cloud: () => CloudUnderTest): void {
  const pool = { name: 'web', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
  const member = { address: '10.10.5.1', protocol_port: 80 };
  const stuck = async (id: string) => {
    const { octavia } = cloud().user('tenant-a').cloud;
    expect(await octavia.untilMutable({ id, budgetMs: patienceMs })).toMatchObject({ state: 'waiting' });
    expect((await octavia.loadBalancers.get(id)).provisioning_status).toBe('PENDING_UPDATE');
    expect(await lbaas(cloud(), ['DELETE', `/loadbalancers/${id}?cascade=true`])).toEqual(
      fault(409, `Invalid state PENDING_UPDATE of loadbalancer resource ${id}`),
    );
  };

  describe('a load balancer is wedged', () => {
    test('by a batch that names an existing member twice', async () => {
      const http = { name: 'http', protocol: 'HTTP', protocol_port: 80, default_pool: { ...pool, members: [member] } };
      const id = await makeBalancer(cloud(), { name: 'wedged-by-members', listeners: [http] });
      const [made] = await cloud().user('tenant-a').cloud.octavia.pools.list({ loadbalancer_id: id });
      const path = `/pools/${made?.id}/members`;
      expect(await lbaas(cloud(), ['PUT', path, { members: [member, member] }])).toEqual(empty(202));
      await stuck(id);
      expect(await lbaas(cloud(), ['PUT', path, { members: [] }])).toEqual(
        fault(409, `Pool ${made?.id} is immutable and cannot be updated.`),
      );
    });

    test('by a change after the deletion of a secret that a listener still uses', async () => {
      const { octavia, barbican } = cloud().user('tenant-a').cloud;
      const ref = await barbican.secrets.create({
        name: 'in-use',
        secret_type: 'opaque',
        payload: new Secret(await bundle('')),
        payload_content_type: 'application/octet-stream',
      });
      const tls = { protocol: 'TERMINATED_HTTPS', protocol_port: 443, default_tls_container_ref: ref };
      const id = await makeBalancer(cloud(), { name: 'wedged-by-secret', listeners: [tls] });
      await barbican.secrets.remove(ref); // nothing registers that it is in use
      await octavia.pools.create({ loadbalancer_id: id, ...pool });
      await stuck(id);
    });
  });
}
