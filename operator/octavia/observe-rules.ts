import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { L7Policy } from 'openstack-sdk-lite/octavia/v2/l7-policies';
import type { L7Rule } from 'openstack-sdk-lite/octavia/v2/l7-rules';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { CloudId } from '../core/model/brand.ts';
import type { Seen } from '../core/model/seen.ts';
import type { FreshPolicies } from './fresh-policies.ts';
import { seenRule } from './read-objects.ts';

/** Lists show ids of rules only; a twelfth of the policies has its rules read at a time, and those that were just made. */
export async function rulesOfSlice(
  cloud: SdkCloud,
  of: { readonly policies: readonly L7Policy[]; readonly slice: number | undefined; readonly fresh: FreshPolicies },
  call: Call,
): Promise<ReadonlyMap<string, readonly L7Rule[]>> {
  const chosen = of.policies
    .map((policy) => policy.id)
    .filter((id) => of.fresh.has(id) || Number.parseInt(id.slice(0, 4), 16) % 12 === of.slice);
  const rules = await rulesOf(cloud, chosen, call);
  for (const [id, read] of rules) of.fresh.seen(id, read);
  return rules;
}

/** The same reading with the rules of some policies filled in. */
export async function observeRules(
  cloud: SdkCloud,
  { seen, policies }: { readonly seen: Seen; readonly policies: readonly CloudId[] },
  call: Call,
): Promise<Seen> {
  const rules = await rulesOf(cloud, policies, call);
  return {
    ...seen,
    policies: seen.policies.map((policy) => {
      const read = rules.get(policy.id);
      return read === undefined
        ? policy
        : { ...policy, ruleIds: read.map((rule) => rule.id as CloudId), rules: read.map(seenRule) };
    }),
  };
}

/** A policy that is gone by now has none. */
async function rulesOf(
  cloud: SdkCloud,
  policies: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, readonly L7Rule[]>> {
  const answers = await Promise.all(
    policies.map(async (id) => {
      const rules = await cloud.octavia
        .rulesOf(id)
        .list({}, call)
        .catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
      return rules === undefined ? [] : [[id, rules] as const];
    }),
  );
  return new Map(answers.flat());
}
