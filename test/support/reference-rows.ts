import type { JsonSchema } from './crd-schema.ts';

/** Structural schema → the rows of a table: field, type, default, constraint, description. */

export interface Shape {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** One row for each field, fields of an object below it; what is one of the shapes is only named. */
export function fieldRows(schema: JsonSchema, shapes: readonly Shape[], path = ''): readonly string[] {
  const properties = Object.entries(record(schema['properties']));
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return properties.flatMap(([name, value]) => {
    const field = value as JsonSchema;
    const at = path === '' ? name : `${path}.${name}`;
    return [row(at, field, { shapes, required: required.includes(name) }), ...rowsBelow(field, shapes, at)];
  });
}

function rowsBelow(field: JsonSchema, shapes: readonly Shape[], path: string): readonly string[] {
  const [inner, at] = field['type'] === 'array' ? [record(field['items']), `${path}[]`] : [field, path];
  return shapeOf(inner, shapes) === undefined ? fieldRows(inner, shapes, at) : [];
}

function row(
  path: string,
  field: JsonSchema,
  { shapes, required }: { readonly shapes: readonly Shape[]; readonly required: boolean },
): string {
  const rules = constraints(field, required);
  const cells = [
    `\`${path}\``,
    typeOf(field, shapes),
    defaultOf(field),
    rules.join('; '),
    typeof field['description'] === 'string' ? field['description'] : '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function typeOf(field: JsonSchema, shapes: readonly Shape[]): string {
  const shape = shapeOf(field, shapes);
  if (shape !== undefined) return `[${shape}](common.md#${shape.toLowerCase()})`;
  if (field['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (Array.isArray(field['enum'])) return field['enum'].map((one) => `\`${String(one)}\``).join(', ');
  if (field['type'] === 'array') return `list of ${typeOf(record(field['items']), shapes)}`;
  if (field['additionalProperties'] !== undefined) return 'map of string';
  return String(field['type']);
}

/** Defaults of objects are said by their fields. */
function defaultOf(field: JsonSchema): string {
  const value = field['default'];
  if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function constraints(field: JsonSchema, required: boolean): readonly string[] {
  const items = record(field['items']);
  const unique = field['x-kubernetes-list-type'] === 'set' ? ['each once'] : [];
  const keys = field['x-kubernetes-list-map-keys'];
  return [
    ...(required ? ['required'] : []),
    ...range(field, ['minimum', 'maximum'], ''),
    ...range(field, ['minLength', 'maxLength'], ' characters'),
    ...range(field, ['minItems', 'maxItems'], ' entries'),
    ...range(field, ['minProperties', 'maxProperties'], ' entries'),
    ...unique,
    ...(Array.isArray(keys) ? [`no two of the same \`${keys.join('`, `')}\``] : []),
    ...refusals(field),
    ...refusals(items).map((message) => `each: ${message}`),
  ];
}

/** What is read by whoever breaks a rule. */
export function refusals(field: JsonSchema): readonly string[] {
  const rules = field['x-kubernetes-validations'];
  return Array.isArray(rules) ? rules.map((rule) => `“${String(record(rule)['message'])}”`) : [];
}

function range(field: JsonSchema, [low, high]: readonly [string, string], unit: string): readonly string[] {
  const [least, most] = [field[low], field[high]];
  if (typeof most !== 'number') return typeof least === 'number' ? [`at least ${least}${unit}`] : [];
  return [typeof least === 'number' ? `${least} to ${most}${unit}` : `at most ${most}${unit}`];
}

/** Known by what is in it; where it stands it has a description of its own, and perhaps a default. */
function shapeOf(field: JsonSchema, shapes: readonly Shape[]): string | undefined {
  if (field['properties'] === undefined) return undefined;
  const text = JSON.stringify(field['properties']);
  return shapes.find(({ schema }) => JSON.stringify(schema['properties']) === text)?.name;
}

function record(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
}
