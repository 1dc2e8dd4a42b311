import { type Field, isRecord, invalid, listOf, readBody } from '../fields.ts';
import { type ListenerBody, listenerInTreeFields } from './listener-fields.ts';
import { type MemberBody, memberInTree } from './member-fields.ts';
import { type MonitorBody, monitorInTree } from './monitor-fields.ts';
import { type PolicyBody, policyInTreeFields } from './policy-fields.ts';
import { type PoolBody, poolInTreeFields } from './pool-fields.ts';
import { type RuleBody, ruleInTree } from './rule-fields.ts';

/** A pool as the create of a whole load balancer names it: with everything in it, or by its name alone. */
export interface PoolOfTree extends PoolBody {
  readonly members?: readonly MemberBody[] | null;
  readonly healthmonitor?: MonitorBody | null;
}

export interface PolicyOfTree extends PolicyBody {
  readonly redirect_pool?: PoolOfTree | null;
  readonly rules?: readonly RuleBody[] | null;
}

export interface ListenerOfTree extends ListenerBody {
  readonly default_pool?: PoolOfTree | null;
  readonly l7policies?: readonly PolicyOfTree[] | null;
}

const argument = 'load_balancer.loadbalancer';

const poolOfTree: Field<PoolOfTree> = nested({
  ...poolInTreeFields,
  members: listOf<MemberBody>((value) => readBody(value, memberInTree)),
  healthmonitor: ((value) => readBody(value, monitorInTree)) satisfies Field<MonitorBody>,
});

const policyOfTree: Field<PolicyOfTree> = nested({
  ...policyInTreeFields,
  redirect_pool: poolOfTree,
  rules: listOf<RuleBody>((value) => readBody(value, ruleInTree)),
});

const listenerOfTree: Field<ListenerOfTree> = nested(
  { ...listenerInTreeFields, default_pool: poolOfTree, l7policies: listOf(policyOfTree) },
  ['protocol', 'protocol_port'],
);

export const treeFields = { listeners: listOf(listenerOfTree), pools: listOf(poolOfTree) };

function nested<F extends Parameters<typeof readBody>[1]['fields']>(
  fields: F,
  required: readonly (keyof F & string)[] = [],
): Field<ReturnType<typeof readBody<F>>> {
  return (value, name) => {
    if (!isRecord(value)) throw invalid(name, value, 'Value should be a dict');
    return readBody(value, { argument, fields, required });
  };
}
