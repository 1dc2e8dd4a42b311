import { isIP } from 'node:net';
import { isCidr } from './addresses.ts';
import { octaviaRefusal } from './refusal.ts';

/** Reads one value of a request's body; the name is for the fault. Throws what Octavia says. */
export type Field<T> = (value: unknown, name: string) => T;
export type Fields = Readonly<Record<string, Field<unknown>>>;
/** null and absent differ: null clears. */
export type Read<F extends Fields> = { readonly [K in keyof F]?: ReturnType<F[K]> | null };

export interface BodyShape<F extends Fields> {
  /** As Octavia's code names it; it shows in faults: `listener_.listener`. */
  readonly argument: string;
  readonly fields: F;
  readonly required?: readonly (keyof F & string)[];
}

/** Out of an envelope: `{"listener": {...}}`. */
export function readEnvelope<F extends Fields>(body: unknown, key: string, shape: BodyShape<F>): Read<F> {
  if (!isRecord(body)) throw octaviaRefusal(400, 'Request is not in valid JSON format');
  for (const name of Object.keys(body)) {
    const root = shape.argument.split('.')[0] ?? '';
    if (name !== key) throw octaviaRefusal(400, `Unknown attribute for argument ${root}: ${name}`);
  }
  return readBody(body[key], shape);
}

export function readBody<F extends Fields>(body: unknown, { argument, fields, required = [] }: BodyShape<F>): Read<F> {
  if (!isRecord(body)) throw invalid(argument.split('.').at(-1) ?? argument, body, 'Mandatory field missing.');
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw octaviaRefusal(400, `Unknown attribute for argument ${argument}: ${name}`);
    read[name] = value === null ? null : field(value, name);
  }
  for (const name of required) if (read[name] == null) throw invalid(name, null, 'Mandatory field missing.');
  return read as Read<F>;
}

export function invalid(name: string, value: unknown, why: string): Error {
  return octaviaRefusal(400, `Invalid input for field/attribute ${name}. Value: '${inPython(value)}'. ${why}`);
}

export const flag: Field<boolean> = (value, name) => {
  if (typeof value === 'boolean') return value;
  const text = String(value).toLowerCase();
  if (['true', 't', 'yes', 'on', '1'].includes(text)) return true;
  if (['false', 'f', 'no', 'off', '0'].includes(text)) return false;
  throw invalid(name, value, 'Unable to convert to boolean');
};

export const text =
  (longest = 255): Field<string> =>
  (value, name) => {
    if (typeof value !== 'string') throw invalid(name, value, 'Value should be string type');
    if (value.length > longest)
      throw invalid(name, value, `Value should have a maximum character requirement of ${longest}`);
    return value;
  };

export const integer =
  (least: number, most: number): Field<number> =>
  (value, name) => {
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number))
      throw invalid(name, value, 'Value should be integer type');
    if (number < least) throw invalid(name, value, `Value should be greater or equal to ${least}`);
    if (number > most) throw invalid(name, value, `Value should be lower or equal to ${most}`);
    return number;
  };

/** The order of the words is Octavia's own, which is none. */
export const oneOf =
  <W extends string | number>(...words: readonly W[]): Field<W> =>
  (value, name) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw invalid(name, value, `Value should be one of: ${words.join(', ')}`);
    return found;
  };

export const uuid: Field<string> = (value, name) => {
  if (typeof value !== 'string' || !/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value))
    throw invalid(name, value, 'Value should be UUID format');
  return value;
};

export const address: Field<string> = (value, name) => {
  if (typeof value !== 'string' || isIP(value) === 0) throw invalid(name, value, 'Value should be IPv4 or IPv6 format');
  return value;
};

export const matching =
  (pattern: RegExp): Field<string> =>
  (value, name) => {
    if (typeof value !== 'string' || !pattern.test(value))
      throw invalid(name, value, `Value should match the pattern ${pattern.source}`);
    return value;
  };

/** A bad element is told as the whole list, which is how Octavia sees it. */
export const listOf =
  <T>(element: Field<T>): Field<readonly T[]> =>
  (value, name) => {
    if (!Array.isArray(value)) throw invalid(name, value, `Value should be a list`);
    return value.map((one: unknown) => element(one, name));
  };

export const listOfTexts = (element: Field<string>): Field<readonly string[]> => {
  return (value, name) => {
    if (!Array.isArray(value)) throw invalid(name, value, `Value should be a list`);
    return value.map((one: unknown) => {
      try {
        return element(one, name);
      } catch (error) {
        throw error instanceof Error ? inList(error, one, value) : error;
      }
    });
  };
};

export const tags = listOfTexts(text());

export const cidrs = listOfTexts((value, name) => {
  if (typeof value === 'string' && isCidr(value)) return value;
  throw invalid(name, value, 'Value should be IPv4 or IPv6 CIDR format');
});

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inList(error: Error, one: unknown, list: readonly unknown[]): unknown {
  const said: unknown = 'body' in error && isRecord(error.body) ? error.body['faultstring'] : undefined;
  if (typeof said !== 'string') return error;
  return octaviaRefusal(
    400,
    said.replace(`'${inPython(one)}'`, () => `'${inPython(list)}'`),
  );
}

/** How Python prints it. */
export function inPython(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value))
    return `[${value.map((one: unknown) => (typeof one === 'string' ? `'${one}'` : inPython(one))).join(', ')}]`;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
