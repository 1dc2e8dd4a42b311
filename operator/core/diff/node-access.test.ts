import { expect, test } from '@jest/globals';
import { cluster } from '../../../test/support/core-fixtures.ts';
import type { CloudId, Uid } from '../model/brand.ts';
import type { GroupName, NodeRule, SeenNodeAccess, SeenNodeRule } from '../model/node-access.ts';
import { diffNodeAccess } from './node-access.ts';

const name = 'octopool-nodes-c1c1c1c1' as GroupName;
const ofBalancers: NodeRule = { protocol: 'tcp', min: 30_000, max: 32_767, cidr: '10.0.0.0/24', service: undefined };
const ofService: NodeRule = { protocol: 'tcp', min: 30_080, max: 30_080, cidr: '0.0.0.0/0', service: 'svc-1' as Uid };

function seen(...rules: readonly (NodeRule & { readonly ours: boolean })[]): SeenNodeAccess {
  const withIds = rules.map((rule, at): SeenNodeRule => ({ ...rule, id: `rule-${at}` as CloudId }));
  return { group: { id: 'group' as CloudId, rules: withIds }, ports: [], former: [], missing: [], addresses: [] };
}

const wanted = (rules: readonly NodeRule[], complete: boolean) => ({ cluster, name, rules, complete });
const kinds = (...args: Parameters<typeof diffNodeAccess>): readonly string[] =>
  diffNodeAccess(...args).map((operation) =>
    'id' in operation ? `${operation.kind} ${operation.id}` : operation.kind,
  );

test('what no Service asks for is closed although balancers have not all spoken, and theirs is not', () => {
  const both = seen({ ...ofBalancers, ours: true }, { ...ofService, ours: true });
  expect(kinds(wanted([], false), both)).toEqual(['deleteNodeRule rule-1']);
  expect(kinds(wanted([ofBalancers], false), both)).toEqual(['deleteNodeRule rule-1']);
  expect(kinds(wanted([], true), both)).toEqual([
    'deleteNodeRule rule-0',
    'deleteNodeRule rule-1',
    'deleteGroup group',
  ]);
});

test("a person's rule is never touched, and one that lets the same in is enough", () => {
  const byHand = seen({ ...ofService, service: undefined, ours: false });
  expect(kinds(wanted([ofService], true), byHand)).toEqual([]);
  expect(kinds(wanted([], true), byHand)).toEqual([]);
});

test('a rule in the name of another Service makes room first, for Neutron takes both for one', () => {
  const before = seen({ ...ofService, service: 'svc-0' as Uid, ours: true });
  expect(kinds(wanted([ofService], true), before)).toEqual(['deleteNodeRule rule-0', 'createNodeRule']);
});
