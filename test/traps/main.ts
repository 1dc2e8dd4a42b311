import { join } from 'node:path';
import { runTests } from './run-tests.ts';
import { type Tried, table } from './table.ts';
import { readTraps, type Trap } from './trap.ts';
import { copyTree, type TreeCopy } from './tree-copy.ts';
import { verdictOf } from './verdict.ts';

/**
 * `make traps`: each trap is a case that fails when its handling is taken out. All the named tests run once as the tree is; then, in a copy, one
 * handling after the other is taken out, and its test has to fail by an expectation.
 */

const began = performance.now();
const say = (line: string): void =>
  void process.stderr.write(`[${Math.round((performance.now() - began) / 1000)} s] ${line}\n`);

/** Tests that do not pass as the tree is; a handling cannot be judged by them. */
async function unfit(copy: TreeCopy, traps: readonly Trap[], stop: AbortSignal): Promise<readonly string[]> {
  const results = await runTests(
    copy.root,
    traps.map(({ test }) => test),
    stop,
  );
  return traps.flatMap(({ trap, test }) => {
    const verdict = verdictOf(results, test);
    return verdict.kind === 'passed' ? [] : [`${trap}: "${test.name}" does not pass as the tree is: ${verdict.why}`];
  });
}

async function tryOut(copy: TreeCopy, trap: Trap, stop: AbortSignal): Promise<Tried> {
  const results = await copy.without(trap.change, () => runTests(copy.root, [trap.test], stop));
  return { trap, verdict: verdictOf(results, trap.test) };
}

async function tryAll(traps: readonly Trap[], stop: AbortSignal): Promise<number> {
  const copy = await copyTree(join(import.meta.dirname, '../..'));
  try {
    say(`${traps.length} traps; their tests as the tree is`);
    const problems = await unfit(copy, traps, stop);
    for (const problem of problems) say(problem);
    if (problems.length > 0) return 1;
    const tried: Tried[] = [];
    for (const trap of traps) {
      const one = await tryOut(copy, trap, stop);
      tried.push(one);
      say(`${trap.trap}: ${one.verdict.kind === 'passed' ? 'NOT CAUGHT' : `${one.verdict.kind}, ${one.verdict.why}`}`);
    }
    const caught = tried.filter(({ verdict }) => verdict.kind === 'failed').length;
    console.log(`${table(tried)}\n\n${caught} of ${tried.length} traps are caught`);
    return caught === tried.length ? 0 : 1;
  } finally {
    await copy.remove();
  }
}

const word = process.env['TRAPS'] ?? '';
const chosen = readTraps().filter(({ trap, test }) => `${trap} ${test.file}`.includes(word));
if (chosen.length === 0) throw new Error(`no trap is called anything with "${word}"`);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort(new Error(signal)));
process.exitCode = await tryAll(chosen, stopping.signal);
