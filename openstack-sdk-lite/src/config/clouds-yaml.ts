import { parse } from 'yaml';
import { z } from 'zod';
import { authOptions, credentialsOf, unusable } from './auth-options.ts';
import type { Credentials } from './credentials.ts';

/**
 * One cloud out of the text of a `clouds.yaml`. Without a name the file must hold one cloud only.
 * Understood: `auth`, `auth_type` (password, v3password, v3applicationcredential), `region_name`, `interface`, `cacert`, `verify`.
 */
export function parseCloudsYaml(text: string, cloudName?: string): Credentials {
  const place = 'clouds.yaml';
  const clouds = cloudsIn(text);
  const name = cloudName ?? onlyName(clouds);
  const entry = clouds[name];
  if (entry === undefined) {
    throw unusable({ place }, `there is no cloud "${name}"; the file has: ${names(clouds)}`);
  }
  const spelled = { place: `${place}, cloud "${name}"`, of: spell };
  const read = authOptions.safeParse({ ...asRecord(entry['auth']), ...asOuter(entry) });
  if (read.success) return credentialsOf(read.data, spelled);
  const issue = read.error.issues[0];
  throw unusable(spelled, `${String(issue?.path[0])}: ${issue?.message}`);
}

type Clouds = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const file = z.object({ clouds: z.record(z.string(), z.record(z.string(), z.unknown())) });

function cloudsIn(text: string): Clouds {
  const place = 'clouds.yaml';
  let body: unknown;
  try {
    body = parse(text);
  } catch {
    // the parser's message quotes the line, which may hold a password
    throw unusable({ place }, 'is not valid YAML: check its indentation and quotes');
  }
  const read = file.safeParse(body);
  if (read.success) return read.data.clouds;
  throw unusable({ place }, 'has no map "clouds" of named clouds: it must start with "clouds:" and a name below');
}

function onlyName(clouds: Clouds): string {
  const [first, ...others] = Object.keys(clouds);
  if (first !== undefined && others.length === 0) return first;
  throw unusable(
    { place: 'clouds.yaml' },
    `has several clouds (${names(clouds)}): name one, with OS_CLOUD or its like`,
  );
}

function names(clouds: Clouds): string {
  return Object.keys(clouds).toSorted().join(', ') || 'none';
}

const outerOptions = ['auth_type', 'region_name', 'interface', 'cacert', 'verify'] as const;

function asOuter(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(outerOptions.filter((option) => option in entry).map((option) => [option, entry[option]]));
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  const read = z.record(z.string(), z.unknown()).safeParse(value ?? {});
  return read.success ? read.data : {};
}

function spell(option: string): string {
  return outerOptions.some((outer) => outer === option) ? option : `auth.${option}`;
}
