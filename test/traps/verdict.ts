import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { NamedTest } from './trap.ts';

/** As far as it is read: what jest writes with --json. */
export const resultsSchema = z.object({
  testResults: z.array(
    z.object({
      /** Path of the file. */
      name: z.string(),
      /** Why the file as a whole did not run. */
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});
export type Results = z.infer<typeof resultsSchema>;

/** How a test ended. Only an expectation that was not met counts as `failed`: a tree that is broken proves nothing. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'broken'; readonly why: string };

export function verdictOf({ testResults }: Results, { file, name }: NamedTest): Verdict {
  const suite = testResults.find((one) => one.name.endsWith(`/${file}`));
  if (suite === undefined) return { kind: 'broken', why: `jest did not run ${file}` };
  const found = suite.assertionResults.find((one) => one.fullName === name);
  if (found === undefined) return { kind: 'broken', why: firstLine(suite.message) || `${file} has no test "${name}"` };
  if (found.status === 'passed') return { kind: 'passed' };
  const why = firstLine(found.failureMessages[0] ?? found.status);
  return { kind: found.status === 'failed' && expectation.test(why) ? 'failed' : 'broken', why };
}

/** What jest says, and what the tests' own waits say (waitFor, SmallOperator.settle). */
const expectation = /^Error: (expect\(|gave up after \d+ s: |not settled after \d+ rounds: )/;

function firstLine(message: string): string {
  const lines = stripVTControlCharacters(message).split('\n');
  return lines.find((line) => line.trim() !== '')?.trim() ?? '';
}
