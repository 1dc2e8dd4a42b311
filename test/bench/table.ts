import type { Figure } from './figure.ts';
import { rounded } from './goals.ts';

const columns = [
  'scenario',
  'routes',
  'balancers',
  'writes',
  'floor',
  'ratio',
  'reads',
  'floor',
  'seconds',
  '× JSON.parse',
  'MiB',
];

/** For people: counts beside their floors, and how many times the floor they are. */
export function table(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(cells)];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
    .join('\n');
}

function cells(figure: Figure): readonly string[] {
  const { scenario, n, balancers, writes, floorWrites, reads, floorReads, seconds, parseRatio, residentMiB } = figure;
  const numbers = [
    n,
    balancers,
    writes,
    floorWrites,
    ratio(writes, floorWrites),
    reads,
    floorReads,
    seconds,
    parseRatio,
    residentMiB,
  ];
  return [scenario, ...numbers.map((value) => (value === null ? '·' : rounded(value)))];
}

function ratio(is: number | null, floor: number | null): number | null {
  if (is === null || floor === null) return null;
  return floor === 0 ? (is === 0 ? 1 : Infinity) : is / floor;
}
