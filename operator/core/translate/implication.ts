import { type Atom, atomText, type Condition, inverted } from './atoms.ts';

/*
 * What follows from what. "Yes" is always true; "no" may be a yes that nobody looked for: then a redirect or a rejection
 * gets an exclusion that it would not need, which costs a rule and changes no answer.
 */

/** Whether every request that is all of these is also that. */
export function allImply(atoms: readonly Atom[], that: Atom): boolean {
  return atoms.some((atom) => implies(atom, that));
}

/** Whether every request that is all of these is also all of those. */
export function allImplyAll(atoms: readonly Atom[], those: readonly Atom[]): boolean {
  return those.every((that) => allImply(atoms, that));
}

/** Whether one request can be all of both. */
export function satisfiable(a: readonly Atom[], b: readonly Atom[]): boolean {
  return !a.some((one) => allImply(b, inverted(one)));
}

export function implies(a: Atom, b: Atom): boolean {
  if (a.invert) return b.invert && includes(a.is, b.is); // not a → not b, when b → a
  return b.invert ? excludes(a.is, b.is) : includes(b.is, a.is);
}

/** Whether the wide holds wherever the narrow does. */
function includes(wide: Condition, narrow: Condition): boolean {
  if (same(wide, narrow)) return true;
  if (wide.on === 'host' && narrow.on === 'host') return hostIncludes(wide, narrow);
  if (wide.on === 'path' && narrow.on === 'path')
    return wide.how === 'PathPrefix' && narrow.how !== 'Regex' && isUnder(narrow.value, wide.value);
  if (wide.on === 'fileTypes' && narrow.on === 'path') return narrow.how === 'Exact' && hasType(narrow.value, wide);
  if (wide.on === 'fileTypes' && narrow.on === 'fileTypes')
    return narrow.types.every((type) => wide.types.includes(type));
  if ((wide.on === 'header' || wide.on === 'cookie') && narrow.on === wide.on && narrow.name === wide.name)
    return fieldIncludes(wide, narrow);
  return false;
}

function same(a: Condition, b: Condition): boolean {
  switch (a.on) {
    case 'host':
      return b.on === 'host' && a.how === b.how && a.name === b.name;
    case 'path':
      return b.on === 'path' && a.how === b.how && a.value === b.value;
    case 'header':
    case 'cookie':
      return b.on === a.on && a.how === b.how && a.name === b.name && a.value === b.value;
    case 'fileTypes':
    case 'other':
      return b.on === a.on && textOf(a) === textOf(b);
  }
}

function textOf(is: Condition): string {
  return atomText({ is, invert: false });
}

/** Whether the two never hold together. A header or cookie can be there several times, so two values exclude nothing. */
function excludes(a: Condition, b: Condition): boolean {
  if (a.on === 'host' && b.on === 'host') return hostsExclude(a, b);
  if (a.on === 'path' && b.on === 'path') {
    if (a.how === 'Regex' || b.how === 'Regex') return false;
    if (a.how === 'Exact' && b.how === 'Exact') return a.value !== b.value;
    return !(
      (a.how === 'PathPrefix' && isUnder(b.value, a.value)) ||
      (b.how === 'PathPrefix' && isUnder(a.value, b.value))
    );
  }
  if (a.on === 'fileTypes' && b.on === 'path') return b.how === 'Exact' && !hasType(b.value, a);
  if (b.on === 'fileTypes' && a.on === 'path') return a.how === 'Exact' && !hasType(a.value, b);
  if (a.on === 'fileTypes' && b.on === 'fileTypes') return !a.types.some((type) => b.types.includes(type));
  return false;
}

type Host = Extract<Condition, { on: 'host' }>;

function hostIncludes(wide: Host, narrow: Host): boolean {
  switch (wide.how) {
    case 'Exact':
      return false;
    case 'Below':
      return isBelow(narrow.name, wide.name) || (narrow.how !== 'Exact' && narrow.name === wide.name);
    case 'OneLabelBelow':
      return narrow.how === 'Exact' && parentOf(narrow.name) === wide.name;
  }
}

function hostsExclude(a: Host, b: Host): boolean {
  if (a.how === 'Exact' && b.how === 'Exact') return a.name !== b.name;
  if (a.how === 'Exact') return !hostIncludes(b, a);
  if (b.how === 'Exact') return !hostIncludes(a, b);
  if (a.name === b.name) return false;
  // one label below x is never below a domain that is itself below x
  if (a.how === 'OneLabelBelow') return b.how === 'OneLabelBelow' || !isBelow(a.name, b.name);
  if (b.how === 'OneLabelBelow') return !isBelow(b.name, a.name);
  return !isBelow(a.name, b.name) && !isBelow(b.name, a.name);
}

function isBelow(name: string, domain: string): boolean {
  return name.endsWith(`.${domain}`);
}

function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function hasType(path: string, { types }: Extract<Condition, { on: 'fileTypes' }>): boolean {
  return types.some((type) => path.endsWith(`.${type}`));
}

type Field = Extract<Condition, { on: 'header' | 'cookie' }>;

/** Some value of the field is as narrow says: is some value then as wide says? */
function fieldIncludes(wide: Field, narrow: Field): boolean {
  if (narrow.how === 'Regex' || narrow.how === 'Present') return false;
  const fixed = narrow.how === 'Exact';
  switch (wide.how) {
    case 'Present':
      return narrow.value !== '';
    case 'Exact':
    case 'Regex':
      return false;
    case 'Prefix':
      return (fixed || narrow.how === 'Prefix') && narrow.value.startsWith(wide.value);
    case 'Suffix':
      return (fixed || narrow.how === 'Suffix') && narrow.value.endsWith(wide.value);
    case 'Contains':
      return narrow.value.includes(wide.value);
  }
}
