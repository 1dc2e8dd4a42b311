import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { readAnswers } from './cloud-answers.ts';
import { reasons, reasonsSaid, rowsMissing } from './complete.ts';
import { judgeNodes } from './judge-nodes.ts';
import { judge, type Judgement } from './judge.ts';
import { readNodesWorld, readWorld } from './world.ts';

/**
 * cases/<name>/before.yaml (optional): the cluster whose wanted tree stands in the cloud already; now.yaml: the cluster as it is;
 * cloud.yaml (optional): how the cloud answers otherwise; expected.yaml: what one pass would do and say. `make golden` writes expected.yaml anew, to be read as a diff.
 * With a document of kind NodesPass the pass is the one over the nodes.
 */
const cases = join(import.meta.dirname, 'cases');
const common = readFileSync(join(import.meta.dirname, 'common.yaml'), 'utf8');

const judgements: Judgement[] = [];

test.each(readdirSync(cases))('%s', async (name) => {
  const file = (part: string): string => join(cases, name, part);
  const text = (part: string): string => `${common}\n---\n${readFileSync(file(part), 'utf8')}`;
  const ofBalancer = (): Promise<Judgement> => {
    const before = existsSync(file('before.yaml')) ? readWorld(text('before.yaml')) : undefined;
    return judge(before, readWorld(text('now.yaml')), cloud === undefined ? undefined : readAnswers(cloud));
  };
  const cloud = existsSync(file('cloud.yaml')) ? readFileSync(file('cloud.yaml'), 'utf8') : undefined;
  const nodes = readNodesWorld(text('now.yaml'));
  const judgement = await (nodes === undefined ? ofBalancer() : judgeNodes(nodes, cloud));
  if (process.env['GOLDEN'] === 'write') writeFileSync(file('expected.yaml'), stringify(judgement, { lineWidth: 140 }));
  judgements.push(judgement);
  expect(judgement).toEqual(parse(readFileSync(file('expected.yaml'), 'utf8')));
});

test('every Reason is shown by some case, but for those that nothing says yet', () => {
  expect(reasonsSaid(judgements)).toEqual(reasons);
});

test('every row of the order of writes is shown by some case', () => {
  expect(rowsMissing(judgements)).toEqual([]);
});
