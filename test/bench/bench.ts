import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countedLife } from './counted.ts';
import { cycleFigure } from './cycle.ts';
import type { Figure } from './figure.ts';
import { type Goal, goals } from './goals.ts';
import { plannerFigures } from './planner.ts';
import { crowdedShape, usualShapes } from './shapes.ts';
import { table } from './table.ts';

/** `make bench`: what each act costs on the fake OpenStack, against the floor of Octavia's API; and what the planner costs. */

const build = join(import.meta.dirname, '../../build');
const began = performance.now();
const say = (line: string): void => console.log(`[${Math.round((performance.now() - began) / 1000)} s] ${line}`);

async function measure(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const shape of [...usualShapes, crowdedShape]) figures.push(...(await countedLife(shape, say)));
  figures.push(await cycleFigure(say));
  figures.push(...(await plannerFigures(say)));
  return figures;
}

function tell(all: readonly Goal[]): void {
  for (const { what, reached, detail } of all) console.log(`${reached ? 'PASS' : 'FAIL'}  ${what}: ${detail}`);
  const missed = all.filter(({ reached }) => !reached).length;
  console.log(missed === 0 ? `\nall ${all.length} goals are reached` : `\n${missed} of ${all.length} goals are missed`);
  if (missed > 0) process.exitCode = 1;
}

const figures = await measure();
await mkdir(build, { recursive: true });
await writeFile(join(build, 'bench.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
console.log(`\n${table(figures)}\n`);
tell(goals(figures));
say('figures are in build/bench.json');
