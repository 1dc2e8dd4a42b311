import { expect, test } from '@jest/globals';
import { worldOf } from '../../test/support/decided.ts';
import { nothingSeen } from '../../test/support/core-fixtures.ts';
import type { Uid } from '../core/model/brand.ts';
import { Needs, nodeNeed } from './needs.ts';

const { wanted, seen } = worldOf();
const pinged = {
  wanted: { ...wanted, monitors: wanted.monitors.map((monitor) => ({ ...monitor, type: 'PING' as const })) },
  seen: { ...seen, monitors: seen.monitors.map((monitor) => ({ ...monitor, type: 'PING' })) },
};
const ipv6 = { ...nothingSeen, resolved: { ...nothingSeen.resolved, memberCidr: '2001:db8::/64' } };
const texts = (...of: Parameters<typeof nodeNeed>): readonly string[] =>
  nodeNeed(...of).map(({ protocol, cidr }) => `${protocol} ${cidr}`);

test('monitors that ping need ICMP of the family of the balancer, others do not', () => {
  expect(texts(wanted, nothingSeen)).toEqual(['tcp 10.0.0.0/16']);
  expect(texts(pinged.wanted, nothingSeen)).toEqual(['tcp 10.0.0.0/16', 'icmp 10.0.0.0/16']);
  expect(texts(pinged.wanted, ipv6)).toEqual(['tcp 2001:db8::/64', 'ipv6-icmp 2001:db8::/64']);
});

test('one that is held pings on, one that is not ours needs nothing of us', () => {
  const foreign = { ...seen, monitors: pinged.seen.monitors.map((monitor) => ({ ...monitor, tags: undefined })) };
  expect(texts({ ...wanted, monitors: [] }, pinged.seen)).toEqual(['tcp 10.0.0.0/16', 'icmp 10.0.0.0/16']);
  expect(texts(wanted, foreign)).toEqual(['tcp 10.0.0.0/16']);
});

test('who comes to lead again believes nothing that balancers said before another led: until they speak, nothing is taken away', () => {
  const [needs, balancer] = [new Needs(), 'u1' as Uid];
  const need = nodeNeed(wanted, nothingSeen);
  needs.say(balancer, need);
  needs.forget();
  expect(needs.of([balancer])).toEqual({ sources: [], complete: false });
  expect(needs.say(balancer, need)).toBe(true);
});
