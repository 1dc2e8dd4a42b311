import { expect, test } from '@jest/globals';
import { wokenByService, type Lookups } from './concerned-keys.ts';
import { keptEntry } from './kept.ts';
import type { KubeObject } from './kube-object.ts';
import { nodePortService, serviceEntry } from './service-entry.ts';

/** Which Services the pass over the nodes looks at, and what calls it. */

const sources = { 'octopool.dev/node-port-sources': '203.0.113.0/24' };
const told = {
  conditions: [
    {
      type: 'octopool.dev/NodePortReachable',
      status: 'True',
      reason: 'AddressesReady',
      message: 'm',
      lastTransitionTime: '2026-11-22T10:00:00Z',
    },
  ],
};

function kept(
  annotations: Readonly<Record<string, string>>,
  of: { readonly type?: string; readonly status?: unknown } = {},
) {
  const object: KubeObject = {
    metadata: {
      name: 'game',
      namespace: 'team-a',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-11-22T10:00:00Z',
      annotations,
    },
    spec: { type: of.type ?? 'NodePort', ports: [{ port: 7000, nodePort: 30_080 }] },
    status: of.status ?? {},
  };
  return keptEntry(
    serviceEntry(object, () => ({ kind: 'none' })),
    object,
  );
}

const looked = (...args: Parameters<typeof kept>): boolean => nodePortService(kept(...args).record) !== undefined;

test('it looks at NodePort Services that ask, and at all that it told something', () => {
  expect([
    looked(sources),
    looked({ 'octopool.dev/node-floating-ips': '2' }),
    looked({}, { status: told }),
    looked({}, { type: 'ClusterIP', status: told }),
    looked({}),
    looked(sources, { type: 'LoadBalancer' }),
    looked({ 'octopool.dev/balancer': 'edge/public' }),
  ]).toEqual([true, true, true, true, false, false, false]);
});

const nothing: Pick<Lookups, 'attachedIn' | 'balancersIn'> = { attachedIn: () => [], balancersIn: () => [] };

test('asking, and not asking any more, calls it; its own answer does not', () => {
  const woken = (before: ReturnType<typeof kept> | undefined, after: ReturnType<typeof kept> | undefined) =>
    wokenByService({ key: 'team-a/game', before, after }, nothing as Lookups).keys.includes('nodes');
  expect([woken(undefined, kept(sources)), woken(kept(sources), kept({})), woken(kept(sources), undefined)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(woken(kept({}), kept({}))).toBe(false);
  expect(kept(sources, { status: told }).footprint).toBe(kept(sources).footprint);
});
