import { basename } from 'node:path';
import type { Trap } from './trap.ts';
import type { Verdict } from './verdict.ts';

/** A trap whose handling was taken out, and how its test ended. */
export interface Tried {
  readonly trap: Trap;
  readonly verdict: Verdict;
}

/** For people: trap, what was taken out, which test, whether it failed as it should. */
export function table(tried: readonly Tried[]): string {
  const rows = [['trap', 'taken out', 'test', ''], ...tried.map(cells)];
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')).join('\n');
}

function cells({ trap: { trap, out, test }, verdict }: Tried): readonly string[] {
  return [trap, out, `${basename(test.file)}: ${cut(test.name)}`, said(verdict)];
}

function said(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'failed':
      return 'caught';
    case 'passed':
      return 'NOT CAUGHT';
    case 'broken':
      return `NOT CAUGHT (${verdict.why})`;
  }
}

function cut(name: string): string {
  return name.length <= 60 ? name : `${name.slice(0, 59)}…`;
}
