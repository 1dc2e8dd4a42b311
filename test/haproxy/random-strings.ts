import { type StringKind, unsafe } from '../../operator/core/intake/safe-strings.ts';
import type { Dice } from '../support/dice.ts';

/** A string that its list lets through, and a text that it must match when it is a regular expression. */
export interface Accepted {
  readonly kind: StringKind;
  readonly value: string;
  /** The text that belongs to it: for a regular expression one that it matches, else itself. */
  readonly sample: string;
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const hexDigits = Array.from('0123456789abcdefABCDEF');
const upper = `${letters}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** What strings of a kind are made of; often more than its list allows, so that the list decides. */
const alphabets: Readonly<Record<Exclude<StringKind, 'pathRegex' | 'headerRegex' | 'cookieRegex'>, string>> = {
  hostname: `${letters}${letters}.-`,
  hostnames: `${letters}${letters}.-`,
  path: `${upper}/._~!*+,;=:@-`,
  headerName: `${upper}-`,
  cookieName: `${upper}_.-`,
  headerValue: `${upper}_.~:/?@!*+;=-`,
  cookieValue: `${upper}_.~:/?@!*+;=-`,
  fileType: upper,
  redirectUrl: `${upper}/._~!*+,;=:@?-`,
};
const starts: Partial<Record<StringKind, readonly string[]>> = {
  hostnames: ['', '', '*.'],
  path: ['/'],
  redirectUrl: ['https://a.b/', 'http://x-1.y:8080/', 'https://a.b'],
};
const longest: Partial<Record<StringKind, number>> = {
  fileType: 10,
  headerName: 40,
  cookieName: 40,
  hostname: 60,
  hostnames: 60,
};

/** One that is accepted; refused ones are thrown away. */
export function anyAccepted(kind: StringKind, dice: Dice): Accepted {
  for (let tries = 0; tries < 10_000; tries += 1) {
    const one = candidate(kind, dice);
    if (unsafe(kind, 'field', one.value) === undefined) return { kind, ...one };
  }
  throw new Error(`no ${kind} was accepted`);
}

function candidate(kind: StringKind, dice: Dice): { readonly value: string; readonly sample: string } {
  if (kind === 'pathRegex') return dice.chance(70) ? regex('^/', '/', dice) : noise(dice);
  if (kind === 'headerRegex' || kind === 'cookieRegex') return fieldRegex(dice);
  const length = dice.roll(dice.chance(50) ? 6 : (longest[kind] ?? 100)) + 1;
  const start = dice.one(starts[kind] ?? ['']);
  const value = start + Array.from({ length }, () => piece(alphabets[kind], kind, dice)).join('');
  return { value, sample: value };
}

function piece(alphabet: string, kind: StringKind, dice: Dice): string {
  if ((kind === 'path' || kind === 'redirectUrl') && dice.chance(3))
    return `%${dice.one(hexDigits)}${dice.one(hexDigits)}`;
  return dice.one(Array.from(alphabet));
}

/** A regular expression put together with a text that it matches. */
function regex(start: string, startSample: string, dice: Dice): { readonly value: string; readonly sample: string } {
  let [value, sample] = [start, startSample];
  for (let pieces = 1 + dice.roll(8); pieces > 0; pieces -= 1) {
    const [text, match] = dice.one<readonly [string, string]>([
      ['a', 'a'],
      ['Z9', 'Z9'],
      ['-', '-'],
      ['.', '~'],
      ['.*', 'x/y'],
      ['[a-f]', 'c'],
      ['[^/]+', 'q.r'],
      ['[\\w.-]{2,3}', '_-'],
      ['(x|y|)', 'y'],
      ['(?:ab|cd)?', 'cd'],
      ['(k=v;)+', 'k=v;k=v;'],
      ['\\d{3}', '007'],
      ['\\.', '.'],
      ['\\+', '+'],
      ['\\(', '('],
      ['\\$', '$'],
      ['%', '%'],
      ['x{0,2}', ''],
      [',', ','],
      ['!', '!'],
    ]);
    value += text;
    sample += match;
  }
  return dice.chance(40) ? { value: `${value}$`, sample } : { value, sample };
}

/** Characters at random: nearly all are refused, and what is not must be valid for every machine. */
function noise(dice: Dice): { readonly value: string; readonly sample: string } {
  const signs = [...Array.from('abz09/._~!*+,;=:@%^$|()[]?{}\\-'), '\\d', '\\w', '[a-z]', '(?:', '{2}'];
  const value = `^${Array.from({ length: 1 + dice.roll(10) }, () => dice.one(signs)).join('')}`;
  return { value, sample: '' };
}

/** In headers and cookies the lists leave little to say: `.`, `*`, `+` and `?`. */
function fieldRegex(dice: Dice): { readonly value: string; readonly sample: string } {
  let [value, sample] = ['', ''];
  for (let pieces = 1 + dice.roll(6); pieces > 0; pieces -= 1) {
    const character = dice.one([...Array.from(upper), '_', '~', ':', '/', '@', '!', '=', '-']);
    const sign = dice.one(['', '', '+', '*', '?']);
    value += character + sign;
    sample += sign === '*' || sign === '?' ? '' : character;
  }
  return { value, sample };
}
