import { z } from 'zod';
import type { Answer, Call, Routes } from '../http.ts';
import { ok } from '../http.ts';
import type { Token } from '../keystone/identity.ts';
import { neutronRefusal, plainRefusal } from '../refusal.ts';
import type { Store } from '../store.ts';
import { asText } from '../query-text.ts';
import type { NeutronTables } from './tables.ts';

interface Shown {
  readonly id: string;
  readonly project_id: string;
  readonly tags: readonly string[];
  readonly updated_at: string;
  readonly revision_number: number;
}

/** One kind of object as the API offers it. */
export interface Kind<T extends Shown> {
  readonly store: Store<T>;
  /** In the path, where it has hyphens. */
  readonly path: string;
  readonly one: string;
  readonly many: string;
  readonly missing: { readonly type: string; readonly text: (id: string) => string };
  /** Others than the owner may see it. */
  readonly open?: (record: T) => boolean;
  show(record: T): Readonly<Record<string, unknown>>;
}

export function isAdministrator({ user }: Token): boolean {
  return user.roles.includes('admin');
}

/** What somebody else owns is not there at all. */
export function found<T extends Shown>(kind: Kind<T>, { token }: Call, id: string): T {
  const record = kind.store.get(id);
  if (record !== undefined && visible(kind, token, record)) return record;
  throw neutronRefusal(404, kind.missing.type, kind.missing.text(id));
}

export function readRoutes<T extends Shown>(kind: Kind<T>, tables: NeutronTables): Routes {
  const { path, one } = kind;
  return {
    [`GET /v2.0/${path}`]: (call) => list(kind, call),
    [`GET /v2.0/${path}/:`]: (call, [id = '']) =>
      ok({ [one]: chosen(kind.show(found(kind, call, id)), call.query.getAll('fields')) }),
    [`PUT /v2.0/${path}/:/tags`]: (call, [id = '']) => {
      const record = found(kind, call, id);
      const { tags } = readBody(call.body, z.object({ tags: z.array(z.string()) }));
      // every kind has tags, which a generic Partial does not show
      tables.touch(kind.store, record, { tags: [...new Set(tags)].toSorted() } as unknown as Partial<T>);
      return ok({ tags: record.tags });
    },
  };
}

/** Neutron tells every unknown attribute at once. */
export function readNeutron<S extends z.ZodType>(body: unknown, key: string, schema: S): z.output<S> {
  return readBody(body, z.object({ [key]: schema }))[key] as z.output<S>;
}

/** `If-Match: revision_number=3` */
export function checkRevision({ headers }: Call, record: { readonly revision_number: number }): void {
  const wanted = /^revision_number=(\d+)$/.exec(String(headers['if-match'] ?? ''))?.[1];
  if (wanted === undefined || Number(wanted) === record.revision_number) return;
  throw neutronRefusal(
    412,
    'RevisionNumberConstraintFailed',
    `Constrained to ${wanted}, but current revision is ${record.revision_number}`,
  );
}

export function forbidden(): Error {
  return plainRefusal(403, 'Forbidden', 'rule is disallowed by policy');
}

function visible<T extends Shown>(kind: Kind<T>, token: Token, record: T): boolean {
  return isAdministrator(token) || record.project_id === token.project.id || kind.open?.(record) === true;
}

const notFilters = new Set(['limit', 'marker', 'fields', 'sort_key', 'sort_dir', 'page_reverse']);

function list<T extends Shown>(kind: Kind<T>, call: Call): Answer {
  const filters = [...new Set(call.query.keys())].filter((name) => !notFilters.has(name));
  const byIndex = filters.find((name) => kind.store.hasIndex(name) && call.query.getAll(name).length === 1);
  const candidates = byIndex === undefined ? kind.store.all() : kind.store.find(byIndex, call.query.get(byIndex) ?? '');
  const passing = candidates
    .filter((record) => visible(kind, call.token, record))
    .map((record) => kind.show(record))
    .filter((shown) => filters.every((name) => passes(shown, name, call.query.getAll(name))));
  const { page, links } = paged(passing, call);
  const body = { [kind.many]: page.map((shown) => chosen(shown, call.query.getAll('fields'))) };
  return ok(links.length === 0 ? body : { ...body, [`${kind.many}_links`]: links });
}

function paged(all: readonly Readonly<Record<string, unknown>>[], call: Call) {
  const limit = Number(call.query.get('limit') ?? Number.POSITIVE_INFINITY);
  const marker = call.query.get('marker');
  const start = marker === null ? 0 : all.findIndex((one) => one['id'] === marker) + 1;
  const page = all.slice(start, start + limit);
  const last = page.at(-1);
  if (last === undefined || page.length < limit) return { page, links: [] };
  const query = new URLSearchParams(call.query);
  query.set('marker', String(last['id']));
  return { page, links: [{ rel: 'next', href: `${call.base}${call.path}?${query.toString()}` }] };
}

/** Several values of one name mean any of them; tags mean all. */
function passes(shown: Readonly<Record<string, unknown>>, name: string, wanted: readonly string[]): boolean {
  const own = (shown['tags'] ?? []) as readonly string[];
  const tags = wanted.flatMap((text) => text.split(','));
  switch (name) {
    case 'tags':
      return tags.every((tag) => own.includes(tag));
    case 'tags-any':
      return tags.some((tag) => own.includes(tag));
    case 'not-tags':
      return !tags.every((tag) => own.includes(tag));
    case 'not-tags-any':
      return !tags.some((tag) => own.includes(tag));
    case 'fixed_ips':
      return (shown['fixed_ips'] as readonly Readonly<Record<string, string>>[]).some((ip) =>
        wanted.every((text) => ip[text.split('=')[0] ?? ''] === text.split('=')[1]),
      );
    default:
      return wanted.some((text) => equals(shown[name], text));
  }
}

function equals(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.includes(text);
  if (typeof value === 'boolean') return String(value) === text.toLowerCase();
  return asText(value) === text;
}

export function chosen(
  shown: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Readonly<Record<string, unknown>> {
  return fields.length === 0
    ? shown
    : Object.fromEntries(Object.entries(shown).filter(([name]) => fields.includes(name)));
}

function readBody<S extends z.ZodType>(body: unknown, schema: S): z.output<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const message =
    unknown.length > 0
      ? `Unrecognized attribute(s) '${unknown.join(', ')}'`
      : `Invalid input for ${issue?.path.at(-1)?.toString() ?? 'body'}. Reason: ${issue?.message ?? ''}.`;
  throw neutronRefusal(400, 'HTTPBadRequest', message);
}
