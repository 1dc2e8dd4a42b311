import { Store } from '../store.ts';
import type {
  Amphora,
  AvailabilityZone,
  Child,
  Flavor,
  FlavorProfile,
  HealthMonitor,
  Kind,
  L7Policy,
  L7Rule,
  Listener,
  LoadBalancer,
  Member,
  OctaviaRecord,
  Pool,
  Records,
} from './records.ts';

const common = ['project_id', 'name'] as const;
const below = [...common, 'loadbalancer_id'] as const;

/** Octavia's database. */
export class Tables {
  readonly loadbalancer = new Store<LoadBalancer>([...common, 'vip_port_id']);
  readonly listener = new Store<Listener>([...below, 'default_pool_id']);
  readonly pool = new Store<Pool>(below);
  readonly member = new Store<Member>([...below, 'pool_id']);
  readonly healthmonitor = new Store<HealthMonitor>([...below, 'pool_id']);
  readonly l7policy = new Store<L7Policy>([...below, 'listener_id', 'redirect_pool_id']);
  readonly l7rule = new Store<L7Rule>([...below, 'l7policy_id']);
  readonly amphora = new Store<Amphora>(['loadbalancer_id']);
  readonly flavor = new Store<Flavor>();
  readonly flavorProfile = new Store<FlavorProfile>();
  readonly availabilityZone = new Store<AvailabilityZone>();

  of<K extends Kind>(kind: K): Store<Records[K]> {
    // each kind's table holds that kind's records; the compiler does not follow the correlation
    return this[kind] as unknown as Store<Records[K]>;
  }

  change(record: OctaviaRecord, changes: Partial<OctaviaRecord>): void {
    this.of<Kind>(record.kind).change(record, changes);
  }

  /** All records below one load balancer. */
  below(balancer: LoadBalancer): readonly Child[] {
    return childKinds.flatMap((kind): readonly Child[] => this.of(kind).find('loadbalancer_id', balancer.id));
  }

  policiesOf(listener: { readonly id: string }): readonly L7Policy[] {
    return this.l7policy.find('listener_id', listener.id).toSorted((a, b) => a.position - b.position);
  }

  /** By default or through a policy. */
  listenersOf(pool: Pool): readonly Listener[] {
    const byPolicies = this.l7policy.find('redirect_pool_id', pool.id).flatMap(({ listener_id }) => {
      const listener = this.listener.get(listener_id);
      return listener === undefined ? [] : [listener];
    });
    return inOrder([...new Set([...this.listener.find('default_pool_id', pool.id), ...byPolicies])]);
  }

  /** With everything that cannot be without it; what merely points to it stays. */
  remove(record: Child): void {
    switch (record.kind) {
      case 'listener':
        for (const policy of this.policiesOf(record)) this.remove(policy);
        break;
      case 'pool':
        for (const member of this.member.find('pool_id', record.id)) this.remove(member);
        for (const monitor of this.healthmonitor.find('pool_id', record.id)) this.remove(monitor);
        for (const listener of this.listener.find('default_pool_id', record.id))
          this.listener.change(listener, { default_pool_id: null });
        break;
      case 'l7policy':
        for (const rule of this.l7rule.find('l7policy_id', record.id)) this.remove(rule);
        break;
      case 'member':
      case 'healthmonitor':
      case 'l7rule':
        break;
    }
    this.of<Kind>(record.kind).remove(record);
    if (record.kind === 'l7policy') this.renumber(record.listener_id);
  }

  /** Positions are 1, 2, 3, ... in each listener. */
  renumber(listenerId: string): void {
    for (const [at, policy] of this.policiesOf({ id: listenerId }).entries())
      if (policy.position !== at + 1) this.l7policy.change(policy, { position: at + 1 });
  }
}

const childKinds = ['listener', 'pool', 'member', 'healthmonitor', 'l7policy', 'l7rule'] as const;

/** References inside an answer are in the order of ids. */
export function inOrder<T extends { readonly id: string }>(objects: readonly T[]): readonly T[] {
  return objects.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function references(objects: readonly { readonly id: string }[]): readonly { readonly id: string }[] {
  return inOrder(objects).map(({ id }) => ({ id }));
}
