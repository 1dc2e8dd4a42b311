import { expect, test } from '@jest/globals';
import { digest, instant, nothingSeen, programmed } from '../core-fixtures.ts';
import { Dice } from '../dice.ts';
import { anyRuleSet, wantedOfUnits } from './rule-set.ts';
import type { Operation, Ref } from '../../../operator/core/model/plan.ts';
import { diff } from '../../../operator/core/diff/diff.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);

function keyOf(ref: Ref | undefined): readonly string[] {
  return ref !== undefined && 'key' in ref ? [ref.key] : [];
}

/** What has to be there before. */
function needs(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'replaceMembers':
    case 'createMonitor':
      return keyOf(operation.pool);
    case 'createPolicy':
    case 'updatePolicy':
      return [...keyOf(operation.pool), ...('listener' in operation ? keyOf(operation.listener) : [])];
    default:
      return [];
  }
}

test(`nothing is written before what it points to, and a new pool waits for nothing but its policy (SEED=${seed})`, () => {
  const dice = new Dice(seed);
  const of = (seen: typeof nothingSeen) => wantedOfUnits(anyRuleSet(dice), { seen, now: instant(30), digest });
  let pools = 0;
  for (let round = 0; round < 300; round += 1) {
    const before = programmed(of(nothingSeen));
    const operations = diff(of(before), before);
    const made = new Set<string>();
    for (const operation of operations) {
      expect(needs(operation).filter((key) => !made.has(key))).toEqual([]);
      if (operation.kind === 'createPool') made.add(operation.pool.key);
      if (operation.kind === 'createListener') made.add(operation.listener.key);
    }
    operations.forEach((operation, at) => {
      if (operation.kind !== 'createPool') return;
      pools += 1;
      const rest = operations.slice(at + 1);
      const pointing = rest.findIndex((one) => one.kind !== 'replaceMembers' && one.kind !== 'createMonitor');
      const [first] = rest.slice(pointing);
      expect([first?.kind, first === undefined ? [] : needs(first)]).toEqual([
        expect.stringMatching(/^(create|update)Policy$/),
        expect.arrayContaining([operation.pool.key]),
      ]);
    });
  }
  expect(pools).toBeGreaterThan(100);
});
