import type { FakeOpenStack } from '../../fake-openstack/fake-openstack.ts';
import type { Dice } from '../../support/dice.ts';

/** One trouble of the cloud, or none: an answer lost or refused, a token that is no longer good, an object changed by another hand. */
export function randomTrouble(dice: Dice, fake: FakeOpenStack): void {
  const nth = 1 + dice.roll(6);
  const when = dice.one(['before', 'after'] as const);
  switch (dice.roll(8)) {
    case 0:
      fake.fault({ service: 'octavia', writes: true, nth, when, action: { kind: 'drop' } });
      return;
    case 1: {
      const status = dice.one([500, 502, 503, 504]);
      fake.fault({ service: 'octavia', writes: true, nth, when, action: { kind: 'answer', status } });
      return;
    }
    case 2:
      fake.fault({ service: 'octavia', nth: nth * 3, when: 'before', action: { kind: 'drop' } });
      return;
    case 3:
      fake.do({ do: 'revoke-tokens' });
      return;
    case 4:
      return byHand(dice, fake);
    default:
  }
}

function byHand(dice: Dice, fake: FakeOpenStack): void {
  const { listener, pool, healthmonitor, l7policy } = fake.world.octavia.tables;
  const kind = dice.one(['listener', 'pool', 'healthmonitor', 'l7policy'] as const);
  const all = { listener, pool, healthmonitor, l7policy }[kind].all();
  if (all.length === 0) return;
  const { id } = dice.one<{ readonly id: string }>(all);
  const changes = {
    listener: { connection_limit: 5 },
    pool: { lb_algorithm: 'SOURCE_IP' },
    healthmonitor: { delay: 9 },
    l7policy: { description: 'mine' },
  }[kind];
  fake.do({ do: 'set', kind, id, changes });
}
