import { describe, expect, test } from '@jest/globals';
import { connect } from 'openstack-sdk-lite/cloud';
import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import type { Credentials } from 'openstack-sdk-lite/config/credentials';
import { Secret } from 'openstack-sdk-lite/secret';
import { authenticationBody } from 'openstack-sdk-lite/keystone/v3/tokens';
import { z } from 'zod';
import { unauthorized } from '../answers.ts';
import type { CloudUnderTest, UserName } from '../cloud-under-test.ts';

const token = z.object({
  token: z.object({
    methods: z.array(z.string()),
    user: z.object({ name: z.string(), domain: z.object({ id: z.string(), name: z.string() }) }),
    project: z.object({ id: z.string(), name: z.string(), domain: z.object({ id: z.string(), name: z.string() }) }),
    roles: z.array(z.object({ name: z.string() })),
    expires_at: z.iso.datetime(),
    issued_at: z.iso.datetime(),
    catalog: z.array(
      z.object({ type: z.string(), endpoints: z.array(z.object({ interface: z.string(), region_id: z.string() })) }),
    ),
  }),
});

export function authCases(cloud: () => CloudUnderTest): void {
  const credentials = (name: UserName): Credentials => parseCloudsYaml(cloud().cloudsYaml, name);
  const authenticate = (name: UserName, change: (one: Credentials) => Credentials = (one) => one) =>
    cloud()
      .user(name)
      .exchange({
        service: 'keystone',
        method: 'POST',
        path: '/v3/auth/tokens',
        token: null,
        body: authenticationBody(change(credentials(name)).method),
      });

  describe('a token', () => {
    test.each([
      ['tenant-a', 'password'],
      ['tenant-a-appcred', 'application_credential'],
    ] as const)('for %s is made by %s, and comes with project, roles and catalog', async (name, method) => {
      const answer = await authenticate(name);
      expect([answer.status, answer.headers['x-subject-token']]).toEqual([201, expect.stringMatching(/^\S{20,}$/)]);
      const { methods, user, project, roles, catalog } = token.parse(answer.body).token;
      const domain = { id: 'default', name: 'Default' };
      const { name: account } = cloud().tenants.a;
      expect({ methods, user, project }).toEqual({
        methods: [method],
        user: { name: account, domain },
        project: { id: cloud().user('tenant-a').projectId, name: account, domain },
      });
      expect(roles.map((role) => role.name)).toEqual(
        expect.arrayContaining(['member', 'load-balancer_member', 'creator']),
      );
      for (const type of ['network', 'load-balancer', 'key-manager']) {
        const faces = catalog.filter((one) => one.type === type).flatMap((one) => one.endpoints);
        expect(faces.map((one) => `${one.interface} ${one.region_id}`).toSorted()).toEqual([
          'admin RegionOne',
          'internal RegionOne',
          'public RegionOne',
        ]);
      }
    });

    test.each([['tenant-a'], ['tenant-a-appcred']] as const)('is refused to %s with a wrong secret', async (name) => {
      const { status, body } = await authenticate(name, wrong);
      expect({ status, body }).toEqual(unauthorized);
    });

    test('that is missing or unknown is refused by every service in the same words', async () => {
      for (const [service, path] of [
        ['octavia', '/v2/lbaas/loadbalancers'],
        ['neutron', '/v2.0/ports'],
      ] as const)
        for (const none of [null, 'no-token-of-ours'])
          expect(await cloud().user('tenant-a').call({ service, method: 'GET', path, token: none })).toEqual(
            unauthorized,
          );
    });
  });

  test('a client with a wrong password is told so by Keystone', async () => {
    const refused = connect({ credentials: async () => wrong(credentials('tenant-a')), userAgent: 'contract' });
    await expect(refused.octavia.loadBalancers.list()).rejects.toMatchObject({
      kind: 'http',
      status: 401,
      service: 'keystone',
      faultText: 'The request you have made requires authentication.',
    });
    await refused.close();
  });

  test('a client renews a token that is refused, and goes on', async () => {
    const { cloud: ours } = cloud().user('tenant-a');
    ours.forgetToken();
    await ours.verify(['octavia', 'neutron', 'barbican']);
    expect(await ours.projectId()).toBe(cloud().user('tenant-a').projectId);
  });
}

function wrong(credentials: Credentials): Credentials {
  const { method } = credentials;
  const other = new Secret('not-this');
  switch (method.kind) {
    case 'password':
      return { ...credentials, method: { ...method, password: other } };
    case 'application-credential':
      return { ...credentials, method: { ...method, secret: other } };
  }
}
