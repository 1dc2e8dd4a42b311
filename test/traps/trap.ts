import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A test by its full name, as jest says it: the names of its blocks before its own. */
export interface NamedTest {
  readonly project: string;
  /** From the root of the tree. */
  readonly file: string;
  readonly name: string;
}

/** A trap that a cloud or a cluster may set, the place where it is handled, and the test that holds the handling there. */
export interface Trap {
  readonly trap: string;
  /** The handling, in words. */
  readonly out: string;
  /** Taking it out: in `file`, `find` (which occurs once) becomes `put`. */
  readonly change: { readonly file: string; readonly find: string; readonly put: string };
  /** Passes as the tree is, and has to fail with the change. */
  readonly test: NamedTest;
}

const text = z.string().min(1);
const listSchema = z.array(
  z.strictObject({
    project: text,
    in: text,
    traps: z.array(
      z.strictObject({ trap: text, out: text, file: text, find: text, put: z.string(), fails: text }).readonly(),
    ),
  }),
);

/** All of them, in the order of their lists. Throws where a list cannot be read. */
export function readTraps(): readonly Trap[] {
  return ['clouds.yaml', 'clusters.yaml'].flatMap((list) => {
    const groups = listSchema.parse(parse(readFileSync(join(import.meta.dirname, list), 'utf8')));
    return groups.flatMap(({ project, in: file, traps }) =>
      traps.map(({ trap, out, fails, ...change }) => ({ trap, out, change, test: { project, file, name: fails } })),
    );
  });
}

/** The text without the handling. Throws when it is not there, or not there once: then the list is out of date. */
export function withoutHandling(before: string, { find, put, file }: Trap['change']): string {
  const parts = before.split(find);
  if (parts.length !== 2) throw new Error(`"${find}" occurs ${parts.length - 1} times in ${file}, and should once`);
  return parts.join(put);
}
