import type { RuleBody } from '../model/body.ts';
import { exactHostRegex, oneLabelRegex, pathPrefixRegex, subdomainsRegex } from '../model/rule-text.ts';
import { type Atom, type Condition, ruleOf } from './atoms.ts';

/** What rules that are programmed mean: the way back from rules to atoms, for what is held and for nothing else. */
export function readAtoms(rules: readonly RuleBody[]): readonly Atom[] {
  return rules.filter((rule) => !isAnyPath(rule)).map(readAtom);
}

/** A guess counts only if it is written the same way again; anything else is a rule that none of ours looks like. */
function readAtom(rule: RuleBody): Atom {
  const { invert } = rule;
  const is = guesses(rule).find((guess) => sameRule(ruleOf({ is: guess, invert }), rule));
  return { is: is ?? { on: 'other', rule: { ...rule, invert: false } }, invert };
}

function guesses({ type, compareType, key, value }: RuleBody): readonly Condition[] {
  switch (type) {
    case 'HOST_NAME':
      return hostGuesses(value);
    case 'PATH':
      return compareType === 'EQUAL_TO' ? [{ on: 'path', how: 'Exact', value }] : pathGuesses(value);
    case 'HEADER':
    case 'COOKIE': {
      const field = { on: type === 'HEADER' ? 'header' : 'cookie', name: key ?? '' } as const;
      return [
        { ...field, how: 'Present', value: '' },
        ...(['Exact', 'Prefix', 'Suffix', 'Contains', 'Regex'] as const).map((how) => ({ ...field, how, value })),
      ];
    }
  }
}

function hostGuesses(value: string): readonly Condition[] {
  const name = unescaped(value.replace(/^\^(\[\^\.\]\+\\\.)?|^\\\./, '').replace(/\(:\[0-9\]\+\)\?\$$/, ''));
  if (value === exactHostRegex(name)) return [{ on: 'host', how: 'Exact', name }];
  if (value === subdomainsRegex(name)) return [{ on: 'host', how: 'Below', name }];
  return value === oneLabelRegex(name) ? [{ on: 'host', how: 'OneLabelBelow', name }] : [];
}

function pathGuesses(value: string): readonly Condition[] {
  const prefix = unescaped(value.replace(/^\^/, '').replace(/\(\/\|\$\)$/, ''));
  if (value === pathPrefixRegex(prefix)) return [{ on: 'path', how: 'PathPrefix', value: prefix }];
  const types = /^\\\.\(([A-Za-z0-9|]+)\)\$$/.exec(value)?.[1];
  if (types !== undefined) return [{ on: 'fileTypes', types: types.split('|') }];
  return [{ on: 'path', how: 'Regex', value }];
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

function isAnyPath({ type, compareType, value, invert }: RuleBody): boolean {
  return type === 'PATH' && compareType === 'STARTS_WITH' && value === '/' && !invert;
}

function sameRule(a: RuleBody, b: RuleBody): boolean {
  return a.type === b.type && a.compareType === b.compareType && (a.key ?? '') === (b.key ?? '') && a.value === b.value;
}
