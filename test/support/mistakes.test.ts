import { expect, test } from '@jest/globals';
import { mistakes } from '../integration/mistakes.ts';
import { crds } from './crds.ts';

/** What both kinds have in common need be tried in one. Rules that compare with the stored object are tried where there is one. */
test.each(crds)('for every rule of crds/$file there is a mistake that breaks it', ({ definition }) => {
  const rules = rulesBelow(definition);
  const tried = new Set(mistakes.map(({ message }) => message));
  const untried = rules.filter(({ rule, message }) => !rule.includes('oldSelf') && !tried.has(message));
  expect(rules.length).toBeGreaterThan(0);
  expect([...new Set(untried.map(({ message }) => message))]).toEqual([]);
});

interface WrittenRule {
  readonly rule: string;
  readonly message: string;
}

function rulesBelow(node: unknown): readonly WrittenRule[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'x-kubernetes-validations' ? (value as readonly WrittenRule[]) : rulesBelow(value),
  );
}
