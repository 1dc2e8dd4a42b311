import type { Dice } from '../dice.ts';

/** What of an HTTP request routing looks at. */
export interface Request {
  /** The raw Host header. */
  readonly host: string | undefined;
  readonly path: string;
  /** Names in lower case; a header can be there several times. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly cookies: Readonly<Record<string, readonly string[]>>;
}

const hosts = [
  'a.x.io',
  'b.x.io',
  'c.b.x.io',
  'd.c.b.x.io',
  'x.io',
  'y.io',
  'a.x.io:8080',
  'A.X.io',
  'aax.io',
  undefined,
];
const paths = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/ab', '/a.png', '/a/b.jpg', '/a/c', '/z', '/apng'];
const values = [[], [], ['one'], ['one-two'], ['two', 'one'], ['two'], ['']];

export function anyRequest(dice: Dice): Request {
  const field = (name: string): Record<string, readonly string[]> => {
    const found = dice.one(values);
    return found.length === 0 ? {} : { [name]: found };
  };
  return {
    host: dice.one(hosts),
    path: dice.one(paths),
    headers: { ...field('x-env'), ...field('x-kind') },
    cookies: { ...field('beta'), ...field('who') },
  };
}
