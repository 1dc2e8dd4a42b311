import { describe, expect, test } from '@jest/globals';
import { Secret } from 'openstack-sdk-lite/secret';
import { z } from 'zod';
import { fault, nowhere } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import { bundle } from '../bundle.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function barbicanCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();
  const secrets = () => cloud().user('tenant-a').cloud.barbican.secrets;
  const store = async (payload: string, name = 'contract-secret') => {
    const ref = await secrets().create({
      name,
      secret_type: 'opaque',
      payload: new Secret(payload),
      payload_content_type: 'application/octet-stream',
    });
    undo(() => secrets().remove(ref));
    return ref;
  };
  const barbican = (method: 'GET' | 'DELETE', ref: string, below = '', as: 'tenant-a' | 'tenant-b' = 'tenant-a') =>
    cloud()
      .user(as)
      .call({ service: 'barbican', method, path: `/v1/secrets/${idOf(ref)}${below}` });

  const create = (ref: string, as: 'tenant-a' | 'tenant-a-appcred' = 'tenant-a') => {
    const listener = { loadbalancer_id: stage.id(), protocol: 'TERMINATED_HTTPS', protocol_port: 443 };
    return lbaas(cloud(), ['POST', '/listeners', { listener: { ...listener, default_tls_container_ref: ref } }], as);
  };

  describe('a secret', () => {
    test('is stored, told about, found by its name, and deleted once', async () => {
      const ref = await store('aGVsbG8=');
      expect(ref).toMatch(/^https?:\/\/[^/]+\/v1\/secrets\/[0-9a-f-]{36}$/);
      const told = {
        secret_ref: ref,
        name: 'contract-secret',
        status: 'ACTIVE',
        secret_type: 'opaque',
        expiration: null,
        created: expect.any(String),
      };
      expect(await secrets().get(ref)).toEqual(told);
      expect(await secrets().list({ name: 'contract-secret' })).toEqual([told]);
      await secrets().remove(ref);
      expect(await secrets().list({ name: 'contract-secret' })).toEqual([]);
      const gone = { status: 404, body: { code: 404, title: 'Not Found', description: 'Secret not found.' } };
      expect(await barbican('GET', ref)).toEqual(gone);
      expect(await barbican('DELETE', ref)).toEqual(gone);
    });

    test('need not have a name of its own, and is denied to another project', async () => {
      const refs = [await store('YQ=='), await store('Yg==')];
      const found = await secrets().list({ name: 'contract-secret' });
      expect(found.map((one) => one.secret_ref).toSorted()).toEqual(refs.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(await barbican('GET', refs[0] ?? '', '', 'tenant-b')).toEqual({
        status: 403,
        body: {
          code: 403,
          title: 'Forbidden',
          description: 'Secret retrieval attempt not allowed - please review your user/project privileges',
        },
      });
    });
  });

  describe('a TERMINATED_HTTPS listener', () => {
    test('takes a bundle without a password, and lets Octavia read the secret', async () => {
      const ref = await store(await bundle(''));
      expect(await barbican('GET', ref, '/acl')).toEqual({ status: 200, body: { read: { 'project-access': true } } });
      const answer = await stage.change(() => create(ref));
      const made = z.object({ listener: z.object({ id: z.string() }) }).parse(answer.body).listener;
      undo(() => stage.change(() => cloud().user('tenant-a').cloud.octavia.listeners.remove(made.id)));
      expect(answer).toMatchObject({
        status: 201,
        body: {
          listener: {
            default_tls_container_ref: ref,
            sni_container_refs: [],
            tls_versions: ['TLSv1.2', 'TLSv1.3'],
            client_authentication: 'NONE',
          },
        },
      });
      expect(await barbican('GET', ref, '/acl')).toMatchObject({
        status: 200,
        body: { read: { 'project-access': true, users: [expect.any(String)] } },
      });
      expect(await barbican('GET', ref, '/consumers')).toEqual({ status: 200, body: { consumers: [], total: 0 } });
    });

    test('refuses a bundle with a password, as unreadable', async () => {
      const ref = await store(await bundle('hidden'));
      expect(await create(ref)).toEqual(
        fault(
          400,
          'The PKCS12 bundle is unreadable. Please check the PKCS12 bundle validity. In addition, make sure it does not require a pass phrase. ' +
            "Error: [('PKCS12 routines', '', 'mac verify failure')]",
        ),
      );
    });

    test('refuses a secret that is not there', async () => {
      const ref = (await store('YQ==')).replace(/[^/]+$/, nowhere);
      expect(await create(ref)).toEqual(fault(400, `Could not retrieve certificate: ['${ref}']`));
    });

    test('refuses any secret to an application credential: Octavia cannot act for it in Barbican', async () => {
      const ref = await store(await bundle(''));
      expect(await create(ref, 'tenant-a-appcred')).toEqual(fault(400, `Could not retrieve certificate: ['${ref}']`));
    });
  });
}

function idOf(ref: string): string {
  return ref.split('/').at(-1) ?? ref;
}
