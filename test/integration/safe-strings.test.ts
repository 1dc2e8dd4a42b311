import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RuleBody } from '../../operator/core/model/body.ts';
import type { Match } from '../../operator/core/model/intents.ts';
import { longestRuleValue } from '../../operator/core/model/rule-text.ts';
import type { FieldMatchSpec } from '../../operator/core/model/route-spec.ts';
import { atomsOf, policyRules } from '../../operator/core/translate/atoms.ts';
import { type Answer, haproxyIsThere, refusal, serving, type Try } from '../haproxy/haproxy.ts';
import { answers, type TriedPolicy } from '../haproxy/octavia-config.ts';
import { type Accepted, anyAccepted } from '../haproxy/random-strings.ts';
import { Dice } from '../support/dice.ts';

beforeAll(haproxyIsThere, 700_000);

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const kinds = [
  'hostname',
  'hostnames',
  'path',
  'pathRegex',
  'headerName',
  'cookieName',
  'headerValue',
  'headerRegex',
  'cookieValue',
  'cookieRegex',
  'fileType',
  'redirectUrl',
] as const;
const filesOf = 1000;

/** A policy of one accepted string, with a request that belongs to it and one that does not. */
interface Tried {
  readonly accepted: Accepted;
  readonly policy: TriedPolicy;
  readonly own: Try;
  readonly ownAnswer: Partial<Answer>;
  readonly strange: readonly Try[];
}

const everything: Match = { path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] };
const forward = { type: 'Forward' } as const;
const served = { status: 200, body: answers.forward };

const host = (header: string): Omit<Try, 'policy'> => ({ path: '/', headers: { host: header } });
const path = (asked: string): Omit<Try, 'policy'> => ({ path: asked, headers: {} });

function tried(accepted: Accepted, at: number, dice: Dice): Tried {
  const { kind, value, sample } = accepted;
  const name = `t${at}`;
  const plain = (
    rules: readonly RuleBody[],
    own: Omit<Try, 'policy'>,
    strange: readonly Omit<Try, 'policy'>[],
  ): Tried => ({
    accepted,
    policy: { name, rules, action: forward },
    own: { policy: name, ...own },
    ownAnswer: served,
    strange: strange.map((one) => ({ policy: name, ...one })),
  });
  switch (kind) {
    case 'hostname':
    case 'hostnames': {
      const domain = value.replace('*.', '');
      const own = value.replace('*.', 'deep.er.');
      const others = [
        `${own}x`,
        own.replace(domain, domain.replace('.', 'x')),
        ...(own === domain ? [`x${own}`] : [domain]),
      ];
      return plain(rules({}, value), host(dice.one([own, `${own}:8443`, own.toUpperCase()])), others.map(host));
    }
    case 'path': {
      const type = dice.one(['Exact', 'PathPrefix'] as const);
      const prefix = type === 'PathPrefix' ? value.replace(/\/$/, '') : value;
      if (prefix === '') return plain(rules({}), path(value), []);
      const below = type === 'PathPrefix' ? dice.one(['', '/', '/x']) : '';
      const deeper = `/x${prefix}`; // of /x that is below it
      return plain(rules({ path: { type, value: prefix } }), path(`${prefix}${below}?a=b`), [
        path(`${prefix}x`),
        ...(deeper.startsWith(`${prefix}/`) ? [] : [path(deeper)]),
        ...(type === 'Exact' ? [path(`${prefix}/`)] : []),
      ]);
    }
    case 'pathRegex': {
      // an expression of noise comes without a text: then any path will do, and the two machines have to agree on it
      const asked = [
        '/',
        '/a',
        '/z09',
        '/a/b',
        '/x~',
        ...(sample === '' ? [] : [sample, `${sample}x`, sample.slice(0, -1)]),
      ].filter((one) => one.startsWith('/'));
      const fits = (one: string): boolean => new RegExp(value).test(one);
      const own = sample === '' ? asked.find(fits) : sample;
      const made = plain(
        rules({ path: { type: 'Regex', value } }),
        path(own ?? '/'),
        asked.filter((one) => !fits(one)).map(path),
      );
      return own === undefined ? { ...made, ownAnswer: { status: 200, body: answers.default } } : made;
    }
    case 'headerName':
      return plain(rules({ headers: [field(value, 'Exact', 'v')] }), { path: '/', headers: { [value]: 'v' } }, [
        { path: '/', headers: { [`${value}x`]: 'v' } },
      ]);
    case 'cookieName':
      return plain(rules({ cookies: [field(value, 'Exact', 'v')] }), { path: '/', headers: { cookie: `${value}=v` } }, [
        { path: '/', headers: { cookie: `${value}x=v` } },
      ]);
    case 'headerValue':
    case 'cookieValue':
    case 'headerRegex':
    case 'cookieRegex':
      return triedField(accepted, { plain, dice });
    case 'fileType':
      return plain(rules({ fileTypes: ['zzz', value] }), path(`/a/b.${value}?x=.y`), [
        path(`/a/b${value}`),
        path(`/a.${value}/b`),
      ]);
    case 'redirectUrl': {
      const to = dice.one(['location', 'prefix'] as const);
      return {
        ...plain(rules({}), path('/p?q=1'), []),
        policy: { name, rules: rules({}), action: { type: 'Redirect', to, url: value } },
        ownAnswer: { status: 302, location: to === 'location' ? value : `${value}/p?q=1` },
      };
    }
  }
}

function triedField(
  { kind, value, sample }: Accepted,
  {
    plain,
    dice,
  }: {
    readonly dice: Dice;
    readonly plain: (
      rules: readonly RuleBody[],
      own: Omit<Try, 'policy'>,
      strange: readonly Omit<Try, 'policy'>[],
    ) => Tried;
  },
): Tried {
  const regex = kind === 'headerRegex' || kind === 'cookieRegex';
  const type = regex ? 'Regex' : dice.one(['Exact', 'Prefix', 'Suffix', 'Contains'] as const);
  const on = kind.startsWith('header') ? 'headers' : 'cookies';
  const sent = (text: string): Omit<Try, 'policy'> => ({
    path: '/',
    headers: on === 'headers' ? { 'x-env': text } : { cookie: `x-env=${text}` },
  });
  const own = { Exact: sample, Prefix: `${sample}x`, Suffix: `x${sample}`, Contains: `x${sample}x`, Regex: sample }[
    type
  ];
  const fits = (text: string): boolean => {
    if (type === 'Regex') return text !== '' && new RegExp(value).test(text);
    return {
      Exact: text === value,
      Prefix: text.startsWith(value),
      Suffix: text.endsWith(value),
      Contains: text.includes(value),
    }[type];
  };
  const others = [`#${value.slice(0, -1)}`, `${value.slice(1)}#`, '#', `x${value}`, `${value}x`];
  const made = plain(
    rules({ [on]: [field('x-env', type, value)] }),
    sent(own),
    others.filter((text) => !fits(text)).map(sent),
  );
  // a field without a value has nothing that an expression could be tried on
  return own === '' ? { ...made, ownAnswer: {} } : made;
}

function field(name: string, type: FieldMatchSpec['type'], value: string): FieldMatchSpec {
  return { name, type, value, invert: false };
}

function rules(match: Partial<Match>, hostname = '*'): readonly RuleBody[] {
  return policyRules(atomsOf(hostname, { ...everything, ...match }));
}

describe(`strings that the lists let through (SEED=${seed})`, () => {
  const dice = new Dice(seed);
  const all = Array.from({ length: 10_000 }, (_, at) => tried(anyAccepted(dice.one(kinds), dice), at, dice));

  test('10,000 of them make valid configuration', async () => {
    for (let from = 0; from < all.length; from += filesOf)
      expect(await refusal(all.slice(from, from + filesOf).map(({ policy }) => policy))).toBeUndefined();
    const tooLong = all.filter(({ policy }) => policy.rules.some(({ value }) => value.length > longestRuleValue));
    expect(tooLong.filter(({ accepted }) => accepted.kind !== 'path')).toEqual([]);
  }, 600_000);

  test('each of a sample of them matches exactly itself, through a running HAProxy', async () => {
    const sample = all.slice(0, 1000);
    const wrong = await serving(
      sample.map(({ policy }) => policy),
      async (send) => {
        const found: unknown[] = [];
        for (const { accepted, own, ownAnswer, strange } of sample) {
          const is = await send(own);
          if (!Object.entries(ownAnswer).every(([name, value]) => is[name as keyof Answer] === value))
            found.push({ accepted, own, should: ownAnswer, is });
          for (const other of strange) {
            const answer = await send(other);
            if (answer.body !== answers.default) found.push({ accepted, strange: other, is: answer });
          }
        }
        return found;
      },
    );
    expect(wrong).toEqual([]);
  }, 600_000);
});

const exact = (value: string): TriedPolicy => ({
  name: 't0',
  rules: [{ type: 'PATH', compareType: 'EQUAL_TO', key: undefined, value, invert: false }],
  action: forward,
});

describe('what the lists keep out does harm indeed', () => {
  test('HAProxy refuses the whole file for one value that starts with a dash', async () => {
    expect(await refusal([exact('-f')])).toContain('t0-0');
    expect(await refusal([exact('/f')])).toBeUndefined();
  }, 60_000);

  test('a # cuts the value, and the rule matches more than it says', async () => {
    const { body } = await serving([exact('/a#b')], (send) => send({ policy: 't0', path: '/a', headers: {} }));
    expect(body).toBe(answers.forward);
  }, 60_000);
});
