import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readTraps, withoutHandling } from './trap.ts';

const root = join(import.meta.dirname, '../..');
const traps = readTraps();

test.each(traps.map((one) => [one.trap, one] as const))(
  '%s: its change still applies',
  (_, { change, test: named }) => {
    const before = readFileSync(join(root, change.file), 'utf8');
    expect(withoutHandling(before, change)).not.toBe(before);
    expect(existsSync(join(root, named.file))).toBe(true);
  },
);

test('each trap has a name of its own', () => {
  const names = traps.map(({ trap }) => trap);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('a text that has become another, or stands twice, is told', () => {
  const change = { file: 'a.ts', find: 'if (x) return;', put: '' };
  expect(() => withoutHandling('if (y) return;', change)).toThrow('occurs 0 times in a.ts');
  expect(() => withoutHandling('if (x) return; if (x) return;', change)).toThrow('occurs 2 times in a.ts');
});
