import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import { isNotFound, isPolicyDenied } from 'openstack-sdk-lite/transport/errors';
import type { LoadBalancer } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import type { MemberStatus, StatusTree } from 'openstack-sdk-lite/octavia/v2/status-tree';
import type { CloudId, IpAddress, Uid } from '../core/model/brand.ts';
import type { Seen } from '../core/model/seen.ts';
import type { BalancerSpec } from '../core/model/balancer-spec.ts';
import { balancerTags } from '../core/model/tags.ts';
import { addressesAround } from './observe-address.ts';
import type { FreshPolicies } from './fresh-policies.ts';
import { formsOfSlice } from './observe-members.ts';
import { rulesOfSlice } from './observe-rules.ts';
import { type Owner, seenListener, seenLoadBalancer, seenMonitor, seenPolicy, seenPool } from './read-objects.ts';
import type { Resolver } from './resolve.ts';
import type { TopologyBook } from './topology.ts';

/** As the loop asks it. */
export interface Question {
  readonly cluster: Uid;
  readonly balancer: {
    readonly uid: Uid;
    readonly namespace: string;
    readonly name: string;
    readonly spec: BalancerSpec;
  };
  readonly loadBalancerID: CloudId | undefined;
  readonly recordedAddress: string | undefined;
  readonly nodeAddresses: readonly IpAddress[];
  readonly slice: number | undefined;
}

/** What earlier readings learned; only saves calls. */
export interface Books {
  readonly resolver: Resolver;
  readonly topology: TopologyBook;
  readonly fresh: FreshPolicies;
}

/**
 * One reading of one balancer: six calls of Octavia when it is there (itself, its listeners, pools, monitors, policies,
 * the status tree), one when it is not; and the Neutron objects around its VIP.
 */
export async function observe(cloud: SdkCloud, question: Question, books: Books, call: Call): Promise<Seen> {
  const owner: Owner = { cluster: question.cluster, balancer: question.balancer.uid };
  const { found, surplus } = await findBalancer(cloud, question, owner, call);
  const tree =
    found === undefined
      ? undefined
      : await readTree(cloud, { found, owner, slice: question.slice, fresh: books.fresh }, call);
  const resolved = await books.resolver.resolve(cloud, { ...question, found }, call);
  const topology = found === undefined ? undefined : await books.topology.of(cloud, found.id, call);
  const around = await addressesAround(cloud, { owner, found, resolved }, call);
  return {
    loadBalancer: found === undefined ? undefined : seenLoadBalancer(found, owner),
    surplus,
    listeners: tree?.listeners ?? [],
    pools: tree?.pools ?? [],
    monitors: tree?.monitors ?? [],
    policies: tree?.policies ?? [],
    ...around,
    topology,
    resolved,
  };
}

/** By the id of the status, if its tags agree; else by tags alone. An id that leads nowhere is never the last word. */
async function findBalancer(
  cloud: SdkCloud,
  question: Question,
  owner: Owner,
  call: Call,
): Promise<{ readonly found: LoadBalancer | undefined; readonly surplus: readonly CloudId[] }> {
  if (question.loadBalancerID !== undefined) {
    const hinted = await cloud.octavia.loadBalancers.get(question.loadBalancerID, call).catch((error: unknown) => {
      if (isNotFound(error) || isPolicyDenied(error)) return undefined;
      throw error;
    });
    const seen = hinted === undefined ? undefined : seenLoadBalancer(hinted, owner);
    const believed = seen?.tags !== undefined || seen?.foreignCluster !== undefined;
    if (hinted !== undefined && believed && hinted.provisioning_status !== 'DELETED')
      return { found: hinted, surplus: [] };
  }
  const all = await tagged(cloud, question, owner, call);
  const sorted = all.toSorted(
    (a, b) => b.listeners.length - a.listeners.length || ((a.created_at ?? '') < (b.created_at ?? '') ? -1 : 1),
  );
  const [first, ...rest] = sorted;
  return {
    found: first,
    surplus: rest.filter((lb) => lb.listeners.length === 0 && lb.pools.length === 0).map((lb) => lb.id as CloudId),
  };
}

/** Where one served, as a status remembers that holds no id, a list without any is not believed before it was said twice. */
async function tagged(
  cloud: SdkCloud,
  { recordedAddress }: Question,
  owner: Owner,
  call: Call,
): Promise<readonly LoadBalancer[]> {
  const ask = async (): Promise<readonly LoadBalancer[]> => {
    const listed = await cloud.octavia.loadBalancers.list({ tags: balancerTags(owner.cluster, owner.balancer) }, call);
    return listed.filter((lb) => lb.provisioning_status !== 'DELETED');
  };
  const first = await ask();
  return first.length === 0 && recordedAddress !== undefined ? ask() : first;
}

interface TreeQuestion {
  readonly found: LoadBalancer;
  readonly owner: Owner;
  readonly slice: number | undefined;
  readonly fresh: FreshPolicies;
}

async function readTree(
  cloud: SdkCloud,
  question: TreeQuestion,
  call: Call,
): Promise<Pick<Seen, 'listeners' | 'pools' | 'monitors' | 'policies'>> {
  const first = await readLists(cloud, question, call);
  const lists = isDoubtful(first, question) ? await readLists(cloud, question, call) : first;
  const { owner } = question;
  const members = membersByPool(lists.status);
  const { slice, fresh } = question;
  const [rules, forms] = await Promise.all([
    rulesOfSlice(cloud, { policies: lists.policies, slice, fresh }, call),
    formsOfSlice(cloud, { pools: lists.pools, slice }, call),
  ]);
  return {
    listeners: lists.listeners.map((listener) => seenListener(listener, owner)),
    pools: lists.pools.map((pool) => seenPool(pool, owner, members.get(pool.id), forms)),
    monitors: lists.monitors.map((monitor) => seenMonitor(monitor, owner)),
    policies: lists.policies
      .map((policy) => seenPolicy(policy, owner, rules.get(policy.id)))
      .toSorted((a, b) =>
        a.listenerId === b.listenerId ? a.position - b.position : a.listenerId < b.listenerId ? -1 : 1,
      ),
  };
}

type Lists = Awaited<ReturnType<typeof readLists>>;

/** Lists that come back empty where another record names what should be in them are not believed: they are asked for again. */
function isDoubtful({ listeners, pools, monitors, policies }: Lists, { found }: TreeQuestion): boolean {
  return (
    (listeners.length === 0 && found.listeners.length > 0) ||
    (pools.length === 0 && found.pools.length > 0) ||
    (monitors.length === 0 && pools.some((pool) => pool.healthmonitor_id !== null)) ||
    (policies.length === 0 && listeners.some((listener) => listener.l7policies.length > 0))
  );
}

async function readLists(cloud: SdkCloud, { found, owner }: TreeQuestion, call: Call) {
  const { octavia } = cloud;
  const tags = balancerTags(owner.cluster, owner.balancer);
  const of = { loadbalancer_id: found.id };
  const [listeners, pools, monitors, policies, status] = await Promise.all([
    octavia.listeners.list(of, call),
    octavia.pools.list(of, call),
    // these two have no filter by balancer (400)
    octavia.healthMonitors.list({ tags }, call),
    octavia.l7Policies.list({ tags }, call),
    octavia.loadBalancers.statusTree(found.id, call),
  ]);
  return { listeners, pools, monitors, policies, status };
}

/** A pool stands below each listener that uses it: any of its places will do. */
function membersByPool(status: StatusTree): ReadonlyMap<string, readonly MemberStatus[]> {
  return new Map(
    status.listeners.flatMap((listener) => listener.pools.map((pool) => [pool.id, pool.members] as const)),
  );
}
