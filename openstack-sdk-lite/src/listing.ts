import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { Call, Filter, Table } from './resource.ts';
import type { Endpoint } from './transport/endpoint.ts';
import { OpenStackError } from './transport/errors.ts';
import { parsed, record } from './transport/parsed.ts';

/** What a list is asked for. */
export interface Listing {
  readonly filter: Filter;
  readonly call: Call;
}

/**
 * All objects of a kind that pass the filter. The walk over pages is our own, because the services' is broken in four ways:
 * - Octavia's `next` link has lost the filter: every page is asked for with the whole query and `marker=<last id>`,
 *   and every object is held against the filter again;
 * - a full last page still promises a next one: an empty page ends the walk;
 * - an object deleted between two pages makes its id an invalid marker (400): the walk starts over, once;
 * - a service that ignores the marker sends the same page for ever: a page without a new id ends the walk.
 */
export async function listAll<S extends z.ZodType>(
  endpoint: Endpoint,
  table: Table<S>,
  listing: Listing,
): Promise<readonly z.output<S>[]> {
  try {
    return await walk(endpoint, table, listing);
  } catch (error) {
    if (!(error instanceof LostMarker)) throw error;
  }
  try {
    return await walk(endpoint, table, listing);
  } catch (error) {
    throw error instanceof LostMarker ? error.cause : error;
  }
}

const mostPages = 1_000;

class LostMarker extends Error {}

async function walk<S extends z.ZodType>(
  endpoint: Endpoint,
  table: Table<S>,
  { filter, call }: Listing,
): Promise<readonly z.output<S>[]> {
  const found = new Map<string, z.output<S>>();
  const passed = new Set<string>();
  let marker: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query: Filter = marker === undefined ? filter : { ...filter, marker };
    const answer = await endpoint.send({ method: 'GET', path: table.path, query, ...call }).catch((error: unknown) => {
      throw marker !== undefined && namesMarker(error) ? new LostMarker('marker is gone', { cause: error }) : error;
    });
    const objects = parsed(answer, table.many, z.array(record));
    const before = passed.size;
    for (const object of objects) {
      const id = identity(object);
      passed.add(id);
      if (matches(object, filter)) found.set(id, parsed({ ...answer, body: { object } }, 'object', table.schema));
    }
    if (!hasNext(answer.body, table.many) || passed.size === before) return [...found.values()];
    marker = identity(objects.at(-1) ?? {});
  }
  throw new OpenStackError({
    kind: 'protocol',
    faultText: `the list did not end after ${mostPages} pages`,
    service: endpoint.service,
    method: 'GET',
    path: table.path,
  });
}

function namesMarker(error: unknown): boolean {
  if (!(error instanceof OpenStackError)) return false;
  return (error.status === 400 || error.status === 404) && /marker/i.test(error.faultText);
}

/** Flavors and most others have an id; availability zones and providers only a name. */
function identity(object: Readonly<Record<string, unknown>>): string {
  const id = object['id'] ?? object['name'];
  return typeof id === 'string' ? id : JSON.stringify(object);
}

const links = z.array(z.object({ rel: z.string() }));

function hasNext(body: unknown, many: string): boolean {
  const read = z.object({ [`${many}_links`]: links }).safeParse(body);
  return read.success && (read.data[`${many}_links`] ?? []).some((link) => link.rel === 'next');
}

/** Only fields that the object shows as plain values or lists of texts are judged; for the others the service is trusted. */
function matches(object: Readonly<Record<string, unknown>>, filter: Filter): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    if (wanted === undefined || notFields.has(key)) return true;
    return passes(object[key], wanted);
  });
}

const notFields: ReadonlySet<string> = new Set([
  'limit',
  'marker',
  'sort',
  'sort_key',
  'sort_dir',
  'fields',
  'page_reverse',
]);

function passes(value: unknown, wanted: string | number | boolean | readonly string[]): boolean {
  const values = typeof wanted === 'object' ? wanted : [String(wanted)];
  if (Array.isArray(value)) return !value.every(isText) || values.flatMap(split).every((one) => value.includes(one));
  if (typeof value === 'string' && isIPv6(value)) return true; // one address has many spellings
  if (!isPlain(value) || values.length !== 1) return true;
  return String(value) === values[0];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function split(text: string): readonly string[] {
  return text.split(',');
}
