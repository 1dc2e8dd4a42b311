import { describe, expect, test } from '@jest/globals';
import { ruleMatches } from '../../../test/support/l7/octavia-policies.ts';
import { Dice } from '../../../test/support/dice.ts';
import { anyRequest } from '../../../test/support/l7/request.ts';
import { anyRuleSet } from '../../../test/support/l7/rule-set.ts';
import { type Atom, atomsOf, atomText, type Condition, inverted, ruleOf } from './atoms.ts';
import { allImply, implies, satisfiable } from './implication.ts';

const yes = (is: Condition): Atom => ({ is, invert: false });
const host = (how: 'Exact' | 'Below' | 'OneLabelBelow', name: string): Atom => yes({ on: 'host', how, name });
const path = (how: 'Exact' | 'PathPrefix' | 'Regex', value: string): Atom => yes({ on: 'path', how, value });
const files = (...types: readonly string[]): Atom => yes({ on: 'fileTypes', types });
const header = (how: 'Exact' | 'Prefix' | 'Suffix' | 'Contains' | 'Present', value: string, name = 'x'): Atom =>
  yes({ on: 'header', how, name, value });

test.each<[string, Atom, Atom]>([
  ['a host is below its domains', host('Exact', 'a.b.io'), host('Below', 'io')],
  ['a host is one label below its parent', host('Exact', 'a.b.io'), host('OneLabelBelow', 'b.io')],
  ['one label below is below', host('OneLabelBelow', 'b.io'), host('Below', 'b.io')],
  ['below a domain is below its parent', host('Below', 'a.b.io'), host('Below', 'b.io')],
  ['another host is not this one', host('Exact', 'a.io'), inverted(host('Exact', 'b.io'))],
  ['a path is under its prefixes', path('Exact', '/a/b'), path('PathPrefix', '/a')],
  ['a prefix is under a shorter one', path('PathPrefix', '/a/b'), path('PathPrefix', '/a')],
  ['a path beside a prefix is not under it', path('Exact', '/ab'), inverted(path('PathPrefix', '/a'))],
  ['a path has its file type', path('Exact', '/a.png'), files('jpg', 'png')],
  ['a path has no other file type', path('Exact', '/a.png'), inverted(files('jpg'))],
  ['fewer file types are some of more', files('png'), files('jpg', 'png')],
  ['a value has its parts', header('Exact', 'one-two'), header('Contains', 'e-t')],
  ['a prefix is contained', header('Prefix', 'one'), header('Contains', 'ne')],
  ['a value is present', header('Suffix', 'x'), header('Present', '')],
  ['what is not the wide is not the narrow', inverted(path('PathPrefix', '/a')), inverted(path('Exact', '/a/b'))],
])('%s', (_, narrow, wide) => {
  expect([implies(narrow, wide), implies(wide, narrow)]).toEqual([true, false]);
});

test.each<[string, Atom, Atom]>([
  ['two values of one header', header('Exact', 'a'), header('Exact', 'b')],
  ['a regex and a path', path('Regex', '^/a$'), path('Exact', '/b')],
  ['nested domains', host('Below', 'b.io'), host('Below', 'a.b.io')],
  ['a prefix and a file type', path('PathPrefix', '/a'), files('png')],
])('%s can go together, though the second does not follow from the first', (_, a, b) => {
  expect([satisfiable([a], [b]), satisfiable([b], [a]), allImply([a], b)]).toEqual([true, true, false]);
});

describe('what is said to follow follows, for any request', () => {
  test('pairs of the atoms that rule sets are made of', () => {
    const dice = new Dice(20_261_122);
    const atoms = new Map<string, Atom>();
    for (let set = 0; set < 300; set += 1)
      for (const { hostname, match } of anyRuleSet(dice))
        for (const atom of atomsOf(hostname, match)) {
          atoms.set(atomText(atom), atom);
          atoms.set(atomText(inverted(atom)), inverted(atom));
        }
    const requests = Array.from({ length: 600 }, () => anyRequest(dice));
    const answers = [...atoms.values()].map((atom) => ({
      atom,
      holds: requests.map((request) => ruleMatches(ruleOf(atom), request)),
    }));
    const wrong = answers.flatMap((a) =>
      answers
        .filter((b) => implies(a.atom, b.atom) && a.holds.some((holds, at) => holds && b.holds[at] === false))
        .map((b) => `${atomText(a.atom)} => ${atomText(b.atom)}`),
    );
    expect(wrong).toEqual([]);
    // and more follows than each from itself
    expect(answers.flatMap((a) => answers.filter((b) => implies(a.atom, b.atom))).length).toBeGreaterThan(
      answers.length * 2,
    );
  });
});
