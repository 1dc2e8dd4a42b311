import { expect, test } from '@jest/globals';
import { endpoint } from '../../../test/support/core-fixtures.ts';
import { nodesWithPods, podTargets } from './pods.ts';

const http = { name: 'http', port: 80, protocol: 'TCP', nodePort: undefined, targetPort: undefined } as const;
const strict = { publishNotReadyAddresses: false };
const states = (endpoints: Parameters<typeof podTargets>[0], service = strict) =>
  podTargets(endpoints, http, service).map(({ name, state }) => `${name} ${state}`);

test('ready Pods serve; a Pod that terminates and still answers drains; others are no members', () => {
  expect(
    states([
      endpoint('a', '10.1.0.1'),
      endpoint('b', '10.1.0.2', { ready: false, serving: false }),
      endpoint('c', '10.1.0.3', { ready: false, serving: true, terminating: true }),
      endpoint('d', '10.1.0.4', { ready: false, serving: false, terminating: true }),
    ]),
  ).toEqual(['a Serving', 'c Draining']);
});

test('publishNotReadyAddresses makes members of unready Pods too; what terminates drains all the same', () => {
  expect(
    states(
      [
        endpoint('b', '10.1.0.2', { ready: false, serving: false }),
        endpoint('c', '10.1.0.3', { ready: true, serving: true, terminating: true }),
      ],
      { publishNotReadyAddresses: true },
    ),
  ).toEqual(['b Serving', 'c Draining']);
});

test('an endpoint that two slices show for a moment is one member, by the better word', () => {
  const leaving = endpoint('a', '10.1.0.1', { ready: false, serving: true, terminating: true });
  expect(states([leaving, endpoint('a', '10.1.0.1')])).toEqual(['a Serving']);
  expect(states([endpoint('a', '10.1.0.1'), leaving])).toEqual(['a Serving']);
});

test('a Pod of a dual-stack Service is one member', () => {
  expect(states([endpoint('a', '2001:db8::1'), endpoint('a', '10.1.0.1')])).toEqual(['a Serving']);
  expect(podTargets([endpoint('a', '2001:db8::1')], http, strict).map(({ address }) => address)).toEqual([
    '2001:db8::1',
  ]);
});

test('a port that no Pod declares has no members', () => {
  expect(podTargets([endpoint('a', '10.1.0.1')], { ...http, name: 'admin' }, strict)).toEqual([]);
  expect(podTargets([endpoint('a', '10.1.0.1')], { ...http, protocol: 'UDP' }, strict)).toEqual([]);
});

const on = (node: string, of: Parameters<typeof endpoint>[2] = {}) => ({ ...endpoint('x', '10.1.0.1', of), node });

test('a node counts for a Local Service while it has a ready Pod', () => {
  expect([
    ...nodesWithPods(
      [on('n1'), on('n2', { ready: false, serving: true, terminating: true }), on('n3', { ready: false })],
      http,
    ),
  ]).toEqual(['n1']);
});
