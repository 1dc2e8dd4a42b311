import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CloudId } from '../model/brand.ts';
import { PolicyPlaces } from './policy-places.ts';

const marks = (text: string): readonly CloudId[] => Array.from(text) as CloudId[];

/** Small letters are there, capitals come; the writes that bring `there` into `order`, and what stands in the end. */
function brought(
  there: string,
  order: string,
  fixed = '',
  turning = '',
): { readonly writes: readonly string[]; readonly end: string } {
  const places = new PolicyPlaces(marks(there), marks(order), {
    fixed: new Set(marks(fixed)),
    turning: new Set(marks(turning)),
  });
  const end = Array.from(there);
  const writes = Array.from(order).flatMap((mark) => {
    if (fixed.includes(mark)) return [];
    const place = places.place(mark as CloudId);
    if (place === undefined) return [];
    const old = end.indexOf(mark);
    if (old >= 0) end.splice(old, 1);
    end.splice(place - 1, 0, mark);
    return [`${mark}${place}`];
  });
  return { writes, end: end.join('') };
}

describe('the fewest moves', () => {
  test.each([
    ['abc', 'abc', [], 'abc'],
    ['abc', 'aNbc', ['N2'], 'aNbc'],
    ['abc', 'bca', ['a3'], 'bca'],
    ['', 'AB', ['A1', 'B2'], 'AB'],
    ['abcd', 'dXab', ['d1', 'X2'], 'dXabc'],
  ])('%s to %s', (there, order, writes, end) => {
    expect(brought(there, order)).toEqual({ writes, end });
  });
});

describe('what is held is not moved', () => {
  test.each([
    ['afb', 'aNfb', 'f', ['N2'], 'aNfb'],
    ['fa', 'af', 'f', ['a1'], 'af'],
    ['fab', 'abfN', 'f', ['a1', 'b2', 'N4'], 'abfN'],
  ])('%s to %s with %s held', (there, order, fixed, writes, end) => {
    expect(brought(there, order, fixed)).toEqual({ writes, end });
  });

  test('where the held ones contradict the order, nothing goes back and forth', () => {
    const first = brought('gf', 'fNg', 'fg');
    expect(brought(first.end, 'fNg', 'fg').writes).toEqual([]);
  });
});

describe('what is written to whatever its place leaves the others theirs', () => {
  test.each([
    ['tab', 'aNbt', 't', ['N3', 't4'], 'aNbt'],
    ['tb', 'bNt', 't', ['N3', 't3'], 'bNt'],
    ['at', 'at', 't', [], 'at'],
  ])('%s to %s with %s', (there, order, turning, writes, end) => {
    expect(brought(there, order, '', turning)).toEqual({ writes, end });
  });
});

test('any order is reached, and once reached it needs no write', () => {
  const letters = Array.from('abcdefgh');
  fc.assert(
    fc.property(fc.shuffledSubarray(letters), fc.shuffledSubarray(letters, { minLength: 1 }), (there, order) => {
      const { end } = brought(there.join(''), order.join(''));
      expect(Array.from(end).filter((mark) => order.includes(mark))).toEqual(order);
      expect(brought(end, order.join('')).writes).toEqual([]);
    }),
  );
});

test('what is still there counts until it has left', () => {
  const [stays, left] = [1, 2].map(
    () => new PolicyPlaces(marks('oab'), marks('abC'), { fixed: new Set(), turning: new Set() }),
  );
  left?.leave('o' as CloudId);
  expect([stays, left].map((places) => places?.place('C' as CloudId))).toEqual([4, 3]);
});

test('what moves behind something that stays is told from what moves ahead, whatever is placed first', () => {
  const places = new PolicyPlaces(marks('rqabc'), marks('abcrq'), { fixed: new Set(), turning: new Set() });
  const ahead = new PolicyPlaces(marks('abcr'), marks('rabc'), { fixed: new Set(), turning: new Set() });
  const back = (of: PolicyPlaces, all: string) => marks(all).map((mark) => of.movesBack(mark));
  expect([back(places, 'rqabc'), back(ahead, 'rabc')]).toEqual([
    [true, true, false, false, false],
    [false, false, false, false],
  ]);
  expect(marks('qr').map((mark) => places.place(mark))).toEqual([5, 4]);
});
