import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { denied, fault, nowhere } from '../answers.ts';
import { lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';

const versions = z.object({ versions: z.array(z.object({ id: z.string(), status: z.string() })) });

/** What a client may find out before it makes anything. */
export function discoveryCases(cloud: () => CloudUnderTest): void {
  test('Octavia tells its versions without a token', async () => {
    const answer = await cloud().user('tenant-a').call({ service: 'octavia', method: 'GET', path: '/', token: null });
    const list = versions.parse(answer.body).versions.map(({ id, status }) => `${id} ${status}`);
    expect([answer.status, list[0], list.at(-1)]).toEqual([200, 'v2.0 SUPPORTED', 'v2.26 CURRENT']);
  });

  test('a member sees the providers', async () => {
    expect(await lbaas(cloud(), ['GET', '/providers'])).toEqual({
      status: 200,
      body: {
        providers: [
          { name: 'amphora', description: 'The Octavia Amphora driver.' },
          { name: 'octavia', description: 'Deprecated alias of the Octavia Amphora driver.' },
        ],
      },
    });
    expect(await lbaas(cloud(), ['GET', '/providers/amphora/flavor_capabilities'])).toEqual(denied);
  });

  test('there are no availability zones', async () => {
    expect(await cloud().user('tenant-a').cloud.octavia.availabilityZones.list()).toEqual([]);
  });

  describe('a flavor', () => {
    test('is found by its name, and shown to a member', async () => {
      const { octavia } = cloud().user('tenant-a').cloud;
      const single = {
        id: cloud().flavors.single,
        name: 'single',
        description: '',
        enabled: true,
        flavor_profile_id: expect.any(String),
      };
      expect(await octavia.flavors.list({ name: 'single' })).toEqual([single]);
      expect(await octavia.flavors.get(cloud().flavors.single)).toEqual(single);
      expect(await octavia.flavors.list({ name: 'no-such-flavor' })).toEqual([]);
    });

    test('does not show its profile to a member', async () => {
      expect(await lbaas(cloud(), ['GET', '/flavorprofiles'])).toEqual(denied);
      const body = { flavorprofile: { name: 'x', provider_name: 'amphora', flavor_data: '{}' } };
      expect(await lbaas(cloud(), ['POST', '/flavorprofiles', body])).toEqual(denied);
    });

    test('that is unknown is not found', async () => {
      expect(await lbaas(cloud(), ['GET', `/flavors/${nowhere}`])).toEqual(fault(404, `Flavor ${nowhere} not found.`));
    });
  });

  test('an observer may read and not write; without a role of Octavia nothing is allowed', async () => {
    const create = { loadbalancer: { name: 'denied', vip_subnet_id: cloud().net.subnet } };
    expect((await lbaas(cloud(), ['GET', '/loadbalancers'], 'tenant-a-observer')).status).toBe(200);
    expect(await lbaas(cloud(), ['POST', '/loadbalancers', create], 'tenant-a-observer')).toEqual(denied);
    expect(await lbaas(cloud(), ['GET', '/loadbalancers'], 'tenant-a-norole')).toEqual(denied);
    expect(await lbaas(cloud(), ['POST', '/loadbalancers', create], 'tenant-a-norole')).toEqual(denied);
  });
}
