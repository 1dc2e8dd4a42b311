import { expect, test } from '@jest/globals';
import { worldOf } from '../../../test/support/decided.ts';
import type { Seen } from '../model/seen.ts';
import { diff } from './diff.ts';

const { wanted, seen: healthy } = worldOf();

function told(seen: Seen): readonly string[] {
  return diff(wanted, seen).map(({ kind, heals, why }) => `${kind}${heals === true ? ' heals' : ''}: ${why}`);
}

const pending = { provisioningStatus: 'PENDING_CREATE' } as const;

test('children that an ACTIVE balancer never programmed are told once more, pools before what points to them', () => {
  const half: Seen = {
    ...healthy,
    pools: healthy.pools.map((pool) => ({ ...pool, ...pending })),
    monitors: healthy.monitors.map((monitor) => ({ ...monitor, ...pending })),
    listeners: healthy.listeners.map((listener) => ({ ...listener, ...pending })),
    policies: healthy.policies.map((policy) => ({ ...policy, ...pending })),
  };
  const why = 'it is PENDING_CREATE under an ACTIVE balancer: it is told once more';
  const kinds = ['updatePool', 'updatePool', 'updateMonitor', 'updateMonitor', 'updateListener', 'updateListener'];
  expect(told(half)).toEqual([...kinds, 'updatePolicy'].map((kind) => `${kind} heals: ${why}`));
});

test('members in ERROR are sent again as one batch', () => {
  const [first, ...rest] = healthy.pools;
  if (first === undefined) throw new Error('the world has pools');
  const members = first.members.map((member, at) =>
    at === 0 ? { ...member, provisioningStatus: 'ERROR' as const } : member,
  );
  expect(told({ ...healthy, pools: [{ ...first, members }, ...rest] })).toEqual([
    'replaceMembers heals: it is ERROR under an ACTIVE balancer: it is told once more',
  ]);
});

test('while the balancer itself is busy its children are left to it', () => {
  if (healthy.loadBalancer === undefined) throw new Error('the world has a balancer');
  const busy: Seen = {
    ...healthy,
    loadBalancer: { ...healthy.loadBalancer, provisioningStatus: 'PENDING_UPDATE' },
    listeners: healthy.listeners.map((listener) => ({ ...listener, ...pending })),
  };
  expect(told(busy)).toEqual([]);
});
