import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { CloudId, IpAddress } from '../core/model/brand.ts';
import type { Key } from '../core/model/key.ts';
import type { Ref } from '../core/model/plan.ts';
import type { FreshPolicies } from './fresh-policies.ts';

/** What one execution knows beyond its plan. */
export interface Bench {
  readonly cloud: SdkCloud;
  readonly call: Call;
  /** Ids of what this plan has made. */
  readonly made: Map<Key, CloudId>;
  loadBalancerID: CloudId | undefined;
  vipPortID: CloudId | undefined;
  /** The IPv4 address that a floating IP is to lead to. */
  vipAddress: IpAddress | undefined;
  /** Policies that got a rule. */
  readonly fresh: Pick<FreshPolicies, 'add'>;
}

/** An operation needs something that was refused before it. */
export class Missing extends Error {}

/** Of a call whose answer says nothing new. */
export async function done(answer: Promise<unknown>): Promise<void> {
  await answer;
}

export async function keep(key: Key, answer: Promise<{ readonly id: string }>, bench: Bench): Promise<void> {
  bench.made.set(key, (await answer).id as CloudId);
}

export function idOf(ref: Ref, { made }: Bench): CloudId {
  return 'id' in ref ? ref.id : need(made.get(ref.key));
}

export function need(id: CloudId | undefined): CloudId {
  if (id === undefined) throw new Missing('what it needs was refused');
  return id;
}
