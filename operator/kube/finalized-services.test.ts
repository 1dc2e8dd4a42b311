import { expect, test } from '@jest/globals';
import { finalizedServices } from './finalized-services.ts';
import type { KubeObject } from './kube-object.ts';

const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
const accepted = condition('octopool.dev/Accepted');

function condition(type: string) {
  return { type, status: 'True', reason: 'Accepted', message: '', lastTransitionTime: '2026-11-22T10:00:00Z' };
}

function service(
  name: string,
  of: { readonly finalizers?: readonly string[]; readonly status?: unknown; readonly deletionTimestamp?: string },
): KubeObject {
  const { finalizers, status, deletionTimestamp } = of;
  const metadata = { name, namespace: 'team-a', uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '' };
  return {
    metadata: {
      ...metadata,
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    status,
  };
}

test('only Services that hold the finalizer and carry our condition are ours to let go, on whatever page they are', async () => {
  const loadBalancer = { ingress: [{ ip: '198.51.100.7' }] };
  const pages: readonly (readonly KubeObject[])[] = [
    [
      service('plain', {}),
      service('ours', {
        finalizers: ['other.example.com/x', finalizer],
        status: { conditions: [accepted], loadBalancer },
      }),
      service('of-the-provider', { finalizers: [finalizer], status: { loadBalancer } }),
      service('with-foreign-condition', { finalizers: [finalizer], status: { conditions: [condition('Accepted')] } }),
    ],
    [
      service('pooled', { status: { conditions: [accepted], loadBalancer } }),
      service('going', {
        finalizers: [finalizer],
        status: { conditions: [accepted] },
        deletionTimestamp: '2026-11-22T11:00:00Z',
      }),
    ],
  ];
  const asked: unknown[] = [];
  const kube = {
    json: async ({ path, query }: { readonly path: string; readonly query?: Readonly<Record<string, unknown>> }) => {
      asked.push(path);
      const at = Number(query?.['continue'] ?? 0);
      const metadata = { resourceVersion: '9', ...(at + 1 < pages.length ? { continue: String(at + 1) } : {}) };
      return { metadata, items: pages[at] };
    },
  };
  expect(await finalizedServices(kube as never, AbortSignal.timeout(10_000))).toEqual([
    { namespace: 'team-a', name: 'ours', uid: 'uid-ours', deleting: false, address: '198.51.100.7' },
    { namespace: 'team-a', name: 'going', uid: 'uid-going', deleting: true, address: undefined },
  ]);
  expect(asked).toEqual(['/api/v1/services', '/api/v1/services']);
});
