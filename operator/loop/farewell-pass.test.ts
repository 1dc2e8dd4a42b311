import { expect, test } from '@jest/globals';
import type { RouteObject, Snapshot } from '../core/model/snapshot.ts';
import { obstacleTo } from './farewell-pass.ts';
import type { Readable } from './question.ts';

const readable = {
  spec: { lifecycle: { deletionProtection: false }, attachment: { from: 'Same' } },
  switches: { paused: false },
} as unknown as Readable;
const attached = (...kinds: readonly RouteObject['kind'][]) =>
  ({ routes: kinds.map((kind) => ({ kind })) }) as unknown as Snapshot;

test.each<[string, readonly RouteObject['kind'][]]>([
  ['1 Service names this balancer.', ['Service']],
  ['1 Ingress names this balancer.', ['Ingress']],
  [
    '2 ServiceRoutes, 1 Service, 3 Ingresses name this balancer.',
    ['Ingress', 'ServiceRoute', 'Ingress', 'Service', 'ServiceRoute', 'Ingress'],
  ],
])('a deletion that waits tells what to look for: %s', (said, kinds) => {
  expect(obstacleTo(attached(...kinds), readable)).toEqual({
    reason: 'RoutesAttached',
    message: `${said} Delete what names it, or set attachment.from to None.`,
  });
});

test('nothing that is attached holds no deletion', () => {
  expect(obstacleTo(attached(), readable)).toBe(undefined);
});
