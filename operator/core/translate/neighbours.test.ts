import { expect, test } from '@jest/globals';
import type { Atom } from './atoms.ts';
import type { L7Unit } from './l7-units.ts';
import { Neighbours } from './neighbours.ts';

function unit(text: string, ...atoms: readonly Atom[]): L7Unit {
  const rest = { listener: 'http', specificity: [], class: 2, claimed: 0, source: '', rule: 0, keys: [] } as const;
  return { kind: 'standing', ...rest, text, atoms } as unknown as L7Unit;
}

const exact = (name: string): Atom => ({ is: { on: 'host', how: 'Exact', name }, invert: false });
const below: Atom = { is: { on: 'host', how: 'Below', name: 'example.com' }, invert: false };

test('a unit with an exact hostname has those of its hostname and of wildcards beside it, in the order in which they came', () => {
  const neighbours = new Neighbours();
  const all = [
    unit('a', exact('a.example.com')),
    unit('wildcard', below),
    unit('b', exact('b.example.com')),
    unit('any'),
    unit('a again', exact('a.example.com')),
    unit('not a', { ...exact('a.example.com'), invert: true }),
  ];
  for (const one of all) neighbours.add(one);
  const texts = (of: L7Unit): readonly string[] => neighbours.of(of).map(({ text }) => text);
  expect({
    a: texts(unit('', exact('a.example.com'))),
    c: texts(unit('', exact('c.example.com'))),
    wildcard: texts(unit('', below)),
  }).toEqual({
    a: ['a', 'wildcard', 'any', 'a again', 'not a'],
    c: ['wildcard', 'any', 'not a'],
    wildcard: ['a', 'wildcard', 'b', 'any', 'a again', 'not a'],
  });
});
