import type { Answer, Call } from '../http.ts';
import { ok } from '../http.ts';
import { octaviaRefusal, plainRefusal, policyDenied } from '../refusal.ts';
import { asText } from '../query-text.ts';
import type { Store, Stored } from '../store.ts';
import { mayRead, seesEverything } from './access.ts';

export interface List<T extends Listed> {
  readonly store: Store<T>;
  readonly many: string;
  /** Fields that a query may name; any other name is an error. */
  readonly filters: readonly string[];
  /** What the path has chosen already. */
  readonly among?: readonly T[];
  readonly pageLimit: number;
  show(record: T): Readonly<Record<string, unknown>>;
}

interface Listed extends Stored {
  readonly project_id?: string;
  readonly created_at?: string;
}

const notFilters = new Set(['limit', 'marker', 'fields', 'sort', 'sort_key', 'sort_dir', 'page_reverse']);
const tagWords = ['tags', 'tags-any', 'not-tags', 'not-tags-any'];

/** One page of a list, with the real service's faults: its links forget the filter, and a full last page promises another. */
export function listPage<T extends Listed>(list: List<T>, call: Call): Answer {
  mayRead(call.token);
  const { query } = call;
  const names = [...new Set(query.keys())].filter((name) => !notFilters.has(name));
  checkFilters(list, names, call);
  const limit = pageSize(query, list.pageLimit);
  const sort = sortKeys(query);
  const passing = narrowed(list, names, call)
    .filter((record) => inScope(record, call))
    .filter((record) => names.every((name) => passes(record, name, query.getAll(name))))
    .toSorted((a, b) => compared(a, b, sort));
  const marker = query.get('marker');
  const after = marker === null ? passing : behind(list, passing, { marker, sort });
  const page = query.get('page_reverse')?.toLowerCase() === 'true' && marker !== null ? [] : after.slice(0, limit);
  const shown = page.map((record) => chosen(list.show(record), query.getAll('fields')));
  return ok({ [list.many]: shown, [`${list.many}_links`]: links(page, { limit, call }) });
}

export function chosen(
  shown: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Readonly<Record<string, unknown>> {
  if (fields.length === 0) return shown;
  return Object.fromEntries(Object.entries(shown).filter(([name]) => fields.includes(name)));
}

function checkFilters<T extends Listed>({ filters }: List<T>, names: readonly string[], { query, token }: Call): void {
  const known = [...filters, ...tagWords, 'project_id', 'tenant_id', 'id', 'name', 'created_at', 'updated_at'];
  if (names.some((name) => !known.includes(name)))
    throw octaviaRefusal(400, 'One or more arguments are either duplicate or invalid');
  const project = query.get('project_id') ?? query.get('tenant_id');
  if (project !== null && project !== token.project.id && !seesEverything(token)) throw policyDenied();
  const twice = names.find((name) => !tagWords.includes(name) && query.getAll(name).length > 1);
  if (twice !== undefined)
    throw octaviaRefusal(
      500,
      '(pymysql.err.OperationalError) (4078, "Illegal parameter data types varchar and row for operation \'=\'")\n[SQL: SELECT ...]',
    );
}

/** The smallest set that an index offers. */
function narrowed<T extends Listed>({ store, among }: List<T>, names: readonly string[], { query, token }: Call) {
  if (among !== undefined) return among;
  const byField = names
    .filter((name) => store.hasIndex(name))
    .map((name) => [name, query.get(name) ?? ''] as const)
    .filter(([, value]) => value !== '');
  const byTag = texts(query.getAll('tags')).map((tag) => ['tag', tag] as const);
  const byOwner =
    seesEverything(token) || !store.hasIndex('project_id') ? [] : [['project_id', token.project.id] as const];
  const ways = [...byField, ...byTag, ...byOwner].toSorted((a, b) => store.count(...a) - store.count(...b));
  const [best] = ways;
  return best === undefined ? store.all() : store.find(...best);
}

function inScope({ project_id }: Listed, { token }: Call): boolean {
  return project_id === undefined || project_id === token.project.id || seesEverything(token);
}

function passes(record: Listed, name: string, wanted: readonly string[]): boolean {
  const own = record.tags ?? [];
  switch (name) {
    case 'tags':
      return texts(wanted).every((tag) => own.includes(tag));
    case 'tags-any':
      return texts(wanted).some((tag) => own.includes(tag));
    case 'not-tags':
      return !texts(wanted).every((tag) => own.includes(tag));
    case 'not-tags-any':
      return !texts(wanted).some((tag) => own.includes(tag));
    default: {
      const value = field(record, name === 'tenant_id' ? 'project_id' : name);
      const [text = ''] = wanted;
      return typeof value === 'boolean' ? String(value) === text.toLowerCase() : asText(value) === text;
    }
  }
}

/** A comma ends a tag, whichever way it was sent: one that has a comma in it is never found. */
function texts(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(','));
}

function pageSize(query: URLSearchParams, most: number): number {
  const given = query.get('limit');
  if (given === null || given === 'infinite') return most;
  if (!/^-?\d+$/.test(given))
    throw plainRefusal(400, 'Bad Request', `Supplied pagination limit '${given}' is not valid.`);
  return Number(given) < 1 ? most : Math.min(Number(given), most);
}

interface SortKey {
  readonly name: string;
  readonly sign: 1 | -1;
}

function sortKeys(query: URLSearchParams): readonly SortKey[] {
  const given = (query.get('sort') ?? '').split(',').filter((one) => one !== '');
  const keys = given.map((one): SortKey => {
    const [name = '', direction = 'asc'] = one.split(':');
    return { name, sign: direction === 'desc' ? -1 : 1 };
  });
  const usual = ['created_at', 'id'].filter((name) => !keys.some((key) => key.name === name));
  return [...keys, ...usual.map((name): SortKey => ({ name, sign: 1 }))];
}

function compared(a: Listed, b: Listed, keys: readonly SortKey[]): number {
  for (const { name, sign } of keys) {
    const [x, y] = [asText(field(a, name)), asText(field(b, name))];
    if (x !== y) return x < y ? -sign : sign;
  }
  return 0;
}

function behind<T extends Listed>(
  list: List<T>,
  passing: readonly T[],
  { marker, sort }: { readonly marker: string; readonly sort: readonly SortKey[] },
): readonly T[] {
  const at = list.store.get(marker);
  if (at === undefined) throw octaviaRefusal(400, `Supplied pagination marker '${marker}' is not valid.`);
  return passing.filter((record) => compared(record, at, sort) > 0);
}

function links(page: readonly Listed[], { limit, call }: { readonly limit: number; readonly call: Call }) {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return [];
  const sort = call.query.get('sort');
  const kept = `${call.base}${call.path}?limit=${limit}${sort === null ? '' : `&sort=${sort}`}`;
  const previous = { href: `${kept}&marker=${first.id}&page_reverse=True`, rel: 'previous' };
  const next = { href: `${kept}&marker=${last.id}`, rel: 'next' };
  return [...(call.query.has('marker') ? [previous] : []), ...(page.length >= limit ? [next] : [])];
}

function field(record: object, name: string): unknown {
  return name in record ? (record as Readonly<Record<string, unknown>>)[name] : undefined;
}
