import type { CloudId } from '../../../operator/core/model/brand.ts';
import type { Key } from '../../../operator/core/model/key.ts';
import type { Operation, Ref } from '../../../operator/core/model/plan.ts';
import type { Seen, SeenPolicy } from '../../../operator/core/model/seen.ts';
import type { WantedPolicy } from '../../../operator/core/model/wanted.ts';
import { instant, seenAction } from '../core-fixtures.ts';

/** What Octavia shows after a write: policies alone, the rest as it was. Positions shift as it shifts them. */
export function afterWrite(seen: Seen, operation: Operation): Seen {
  switch (operation.kind) {
    case 'createPolicy':
      return insert(
        seen,
        made(operation.policy, listenerOf(operation.listener), operation.enabled),
        operation.position,
      );
    case 'updatePolicy': {
      const changed = change(seen, { id: operation.id }, (policy) => ({
        ...policy,
        name: operation.policy.name,
        description: operation.policy.description,
        tags: operation.policy.tags,
        ...seenAction(operation.policy.action, idOf),
      }));
      return operation.position === undefined ? changed : move(changed, operation.id, operation.position);
    }
    case 'enablePolicy':
      return change(seen, operation.policy, (policy) => ({ ...policy, enabled: true }));
    case 'deletePolicy':
      return { ...seen, policies: seen.policies.filter(({ id }) => id !== operation.id) };
    case 'createRule':
      return change(seen, operation.policy, (policy) =>
        withRules(policy, [
          ...(policy.rules ?? []),
          { ...operation.rule, provisioningStatus: 'ACTIVE', id: ruleId(policy, operation.rule) },
        ]),
      );
    case 'deleteRule':
      return change(seen, operation.policy, (policy) =>
        withRules(
          policy,
          (policy.rules ?? []).filter(({ id }) => id !== operation.id),
        ),
      );
    default:
      return seen;
  }
}

function made(policy: WantedPolicy, listenerId: CloudId, enabled: 'atOnce' | 'afterItsRules'): SeenPolicy {
  return {
    id: idOf(policy.key),
    tags: policy.tags,
    provisioningStatus: 'ACTIVE',
    createdAt: instant(0),
    updatedAt: instant(0),
    name: policy.name,
    description: policy.description,
    listenerId,
    ...seenAction(policy.action, idOf),
    position: 0,
    enabled: enabled === 'atOnce',
    ruleIds: [],
    rules: [],
  };
}

function withRules(policy: SeenPolicy, rules: NonNullable<SeenPolicy['rules']>): SeenPolicy {
  return { ...policy, rules, ruleIds: rules.map(({ id }) => id) };
}

function change(seen: Seen, ref: Ref, by: (policy: SeenPolicy) => SeenPolicy): Seen {
  const id = 'id' in ref ? ref.id : idOf(ref.key);
  return { ...seen, policies: seen.policies.map((policy) => (policy.id === id ? by(policy) : policy)) };
}

function insert(seen: Seen, policy: SeenPolicy, position: number): Seen {
  const others = seen.policies.filter(({ listenerId }) => listenerId !== policy.listenerId);
  const own = seen.policies.filter(({ listenerId }) => listenerId === policy.listenerId);
  own.splice(position - 1, 0, policy);
  return { ...seen, policies: [...others, ...own.map((one, at) => ({ ...one, position: at + 1 }))] };
}

function move(seen: Seen, id: CloudId, position: number): Seen {
  const policy = seen.policies.find((one) => one.id === id);
  if (policy === undefined) return seen;
  return insert({ ...seen, policies: seen.policies.filter((one) => one.id !== id) }, policy, position);
}

function listenerOf(ref: Ref): CloudId {
  return 'id' in ref ? ref.id : idOf(ref.key);
}

/** As programmed() names what it makes. */
function idOf(key: Key): CloudId {
  return `id:${key}` as CloudId;
}

function ruleId(policy: SeenPolicy, rule: object): CloudId {
  return `${policy.id} ${JSON.stringify(rule)}` as CloudId;
}
