import { z } from 'zod';

/** Schemas of operator/api → the structural OpenAPI v3 form that the API server wants. */

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Throws when a schema has no structural form, naming its path. */
export function structural(schema: z.ZodType): JsonSchema {
  const json: unknown = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
    cycles: 'throw',
  });
  return clean(json as JsonSchema, '');
}

/** What a CRD may hold of JSON Schema, besides x-kubernetes-*; formats of zod's own mean nothing to the API server. */
const kept = new Set(
  'type description format default enum minimum maximum minLength maxLength pattern minItems maxItems maxProperties required'.split(
    ' ',
  ),
);
const knownFormats = new Set(['int32', 'int64', 'date-time']);

function clean(node: JsonSchema, path: string): JsonSchema {
  const own = Object.entries(node).filter(([key]) => kept.has(key) || key.startsWith('x-kubernetes-'));
  const out = Object.fromEntries(own.filter(([key, value]) => key !== 'required' || !isEmptyList(value)));
  if (out['x-kubernetes-int-or-string'] === true) {
    // bounds differ between the two, so a rule checks them; the length bounds what CEL may cost
    const kept = pick(out, 'description', 'default', 'x-kubernetes-validations');
    return { ...kept, maxLength: 63, 'x-kubernetes-int-or-string': true };
  }
  if (out['type'] === 'number' && isListOfWholeNumbers(out['enum'])) out['type'] = 'integer';
  if (typeof out['type'] !== 'string')
    throw new Error(`${path || 'the root'} has no single type: ${JSON.stringify(node)}`);
  if (typeof out['format'] === 'string' && !knownFormats.has(out['format'])) delete out['format'];
  if (out['type'] === 'integer') wholeNumber(out);
  return withInnerDefaults({ ...out, ...inner(node, path) });
}

/** The API server judges a default as it stands, before the defaults inside it are filled in: so they are written out. */
function withInnerDefaults(schema: JsonSchema): JsonSchema {
  const { default: given, properties } = schema;
  if (!isSchema(given) || !isSchema(properties)) return schema;
  const inside = Object.entries(properties).flatMap(([name, one]) =>
    isSchema(one) && one['default'] !== undefined ? [[name, one['default']] as const] : [],
  );
  return { ...schema, default: { ...Object.fromEntries(inside), ...given } };
}

function inner(node: JsonSchema, path: string): JsonSchema {
  const { properties, items, additionalProperties } = node;
  if (isSchema(properties))
    return {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, clean(one as JsonSchema, `${path}.${name}`)]),
      ),
    };
  if (isSchema(items)) return { items: clean(items, `${path}[]`) };
  if (isSchema(additionalProperties) && Object.keys(additionalProperties).length > 0)
    return { additionalProperties: clean(additionalProperties, `${path}.*`) };
  return {};
}

/** zod writes the bounds of its own integers; those say nothing to a reader. */
function wholeNumber(out: Record<string, unknown>): void {
  const wide = out['maximum'] === undefined || Number(out['maximum']) > 2_147_483_647;
  for (const bound of ['minimum', 'maximum']) if (Math.abs(Number(out[bound])) >= 2_147_483_647) delete out[bound];
  out['format'] = wide ? 'int64' : 'int32';
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfWholeNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isInteger);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function pick(from: Record<string, unknown>, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}
