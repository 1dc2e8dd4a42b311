import type { Request } from '../support/ask.ts';
import { ports } from './rules.ts';

/** What requests to the routes of rules.ts must come to. */

type Asked = Pick<Request, 'path' | 'headers' | 'cookies'>;
export interface Expectation {
  readonly what: string;
  readonly host: string;
  readonly asked: Asked;
  readonly told: { readonly status: number; readonly port?: number; readonly location?: string };
}

function expectations(
  host: string,
  rows: readonly (readonly [string, Asked | string, number | Expectation['told']])[],
) {
  return rows.map(
    ([what, asked, told]): Expectation => ({
      what,
      host,
      asked: typeof asked === 'string' ? { path: asked } : asked,
      told: typeof told === 'number' ? { status: 200, port: told } : told,
    }),
  );
}

const to = (status: number, location: string): Expectation['told'] => ({ status, location });
const forbidden: Expectation['told'] = { status: 403 };
const { a, b, c, d, landing } = ports;

const header = (path: string, value: string): Asked => ({ path, headers: { 'X-Env': value } });
const cookie = (path: string, value: string): Asked => ({ path, cookies: `other=1; stage=${value}` });

const hosts = [
  ...expectations('x.wild.example.com', [['a wildcard covers a name below it', '/', a]]),
  ...expectations('x.y.z.wild.example.com', [['a wildcard covers any depth', '/', a]]),
  ...expectations('wild.example.com', [['a wildcard does not cover its own base', '/', landing]]),
  ...expectations('q.sub.wild.example.com', [['a longer wildcard wins', '/', c]]),
  ...expectations('deep.wild.example.com', [['an exact name wins over a wildcard', '/', b]]),
  ...expectations('deep.wild.example.com:80', [['a host with a port is the same host', '/', b]]),
  ...expectations('DEEP.Wild.example.com', [['the case of a host does not matter', '/', b]]),
  ...expectations('Q.WILD.example.com:8080', [['a wildcard covers a host with a port', '/', a]]),
  ...expectations('nobody.example.org', [['a host that no route has goes to the default backend', '/', landing]]),
];

const paths = expectations('paths.example.com', [
  ['an exact path', '/exact', a],
  ['an exact path with a query', '/exact?x=1', a],
  ['an exact path is nothing below it', '/exact/more', landing],
  ['a prefix is the path itself', '/pre', b],
  ['a prefix is everything below it', '/pre/x/y', b],
  ['a prefix ends at a path element', '/prefix', landing],
  ['a longer prefix wins', '/pre/deep/x', c],
  ['a regular expression', '/r12/x', d],
  ['a regular expression is the whole path', '/r12/x/y', landing],
  ['a file type', '/some/where/picture.png', a],
  ['another file type, with a query', '/picture.webp?size=2', a],
  ['a file type is an ending', '/picture.png.txt', landing],
  ['a prefix wins over a file type', '/pre/picture.png', b],
]);

const fields = expectations('fields.example.com', [
  ['a header, exact', header('/h/exact', 'canary'), a],
  ['a header, exact, with another value', header('/h/exact', 'canaryx'), b],
  ['a header by prefix', header('/h/prefix', 'candid'), a],
  ['a header by prefix, with another value', header('/h/prefix', 'xcan'), b],
  ['a header by suffix', header('/h/suffix', 'library-ary'), a],
  ['a header by suffix, with another value', header('/h/suffix', 'aryx'), b],
  ['a header by part', header('/h/contains', 'xnarx'), a],
  ['a header by part, with another value', header('/h/contains', 'xnax'), b],
  ['a header by regular expression', header('/h/regex', 'xcannnaryx'), a],
  ['a header by regular expression, with another value', header('/h/regex', 'caary'), b],
  ['a header that is there', header('/h/present', 'whatever'), a],
  ['a header that is not there', '/h/present', b],
  ['a header inverted, with another value', header('/h/not', 'other'), a],
  ['a header inverted, not there', '/h/not', a],
  ['a header inverted, with the value', header('/h/not', 'canary'), b],
  ['a cookie, exact', cookie('/c/exact', 'canary'), c],
  ['a cookie, exact, with another value', cookie('/c/exact', 'canaryx'), b],
  ['a cookie by prefix', cookie('/c/prefix', 'candid'), c],
  ['a cookie by suffix', cookie('/c/suffix', 'ary'), c],
  ['a cookie by part', cookie('/c/contains', 'xnarx'), c],
  ['a cookie that is there', cookie('/c/present', 'whatever'), c],
  ['a cookie that is not there', '/c/present', b],
  ['a cookie inverted, with the value', cookie('/c/not', 'canary'), b],
  ['a cookie inverted, not there', '/c/not', c],
  ['header and cookie of one match', { ...header('/both', 'canary'), cookies: 'stage=canary' }, a],
  ['only one of the two of a match', header('/both', 'canary'), b],
]);

const actions = [
  ...expectations('moves.example.com', [
    ['a redirect to a url', '/old?x=1', to(301, 'https://www.example.com/new')],
    ['a redirect with code 303', '/see', to(303, 'https://www.example.com/it')],
    ['a redirect without a code', '/found', to(302, 'https://www.example.com/f')],
    ['a redirect by prefix keeps path and query', '/blog/2026?x=1', to(308, 'https://blog.example.com/blog/2026?x=1')],
  ]),
  ...expectations('elsewhere.example.com', [
    ['a redirect of a whole host', '/x', to(308, 'https://elsewhere.example.com/x')],
    ['an exact forward beats a broader redirect', '/.well-known/acme-challenge/token', a],
    [
      'below that forward the redirect holds',
      '/.well-known/acme-challenge/other',
      to(308, 'https://elsewhere.example.com/.well-known/acme-challenge/other'),
    ],
    ['a forward by path and header beats a broader redirect', header('/api/v1', 'canary'), b],
    ['by the path alone the redirect holds', '/api/v1', to(308, 'https://elsewhere.example.com/api/v1')],
    ['by the header alone the redirect holds', header('/x', 'canary'), to(308, 'https://elsewhere.example.com/x')],
  ]),
  ...expectations('closed.example.com', [
    ['a reject', '/x', forbidden],
    ['a forward beats a broader reject', '/open/x', c],
    ['beside that forward the reject holds', '/opened', forbidden],
    ['a redirect beats a broader forward and a broader reject', '/open/old', to(302, 'https://www.example.com/open')],
  ]),
];

export const expected: readonly Expectation[] = [...hosts, ...paths, ...fields, ...actions];
