import { contains, nthAddress } from '../addresses.ts';
import { type FakeClock, neutronTime } from '../clock.ts';
import type { Ids } from '../ids.ts';
import { neutronRefusal } from '../refusal.ts';
import { Store } from '../store.ts';
import type {
  FixedIp,
  FloatingIp,
  Network,
  NeutronQuota,
  NeutronQuotaName,
  Port,
  QosPolicy,
  Router,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
} from './records.ts';

/** Neutron's database, and what several of its parts do to it. */
export class NeutronTables {
  readonly network = new Store<Network>(['project_id']);
  readonly subnet = new Store<Subnet>(['project_id', 'network_id']);
  readonly port = new Store<Port>(['project_id', 'device_id', 'description']);
  readonly floatingip = new Store<FloatingIp>(['project_id', 'port_id', 'description']);
  readonly security_group = new Store<SecurityGroup>(['project_id', 'name']);
  readonly security_group_rule = new Store<SecurityGroupRule>(['project_id', 'security_group_id']);
  readonly qosPolicy = new Store<QosPolicy>(['project_id']);
  readonly router = new Store<Router>(['project_id']);
  readonly quotas = new Map<string, NeutronQuota>();
  readonly #clock: FakeClock;
  readonly #ids: Ids;
  /** Addresses in use by subnet, and where the next search begins. */
  readonly #used = new Map<string, { readonly taken: Set<string>; next: number }>();

  constructor(of: { readonly clock: FakeClock; readonly ids: Ids }) {
    this.#clock = of.clock;
    this.#ids = of.ids;
  }

  /** The fields that every new record begins with. */
  born(project_id: string) {
    const now = neutronTime(this.#clock.now());
    return {
      id: this.#ids.uuid(),
      project_id,
      name: '',
      description: '',
      tags: [] as readonly string[],
      created_at: now,
      updated_at: now,
      revision_number: 0,
    };
  }

  /** Every change counts the revision up. */
  touch<T extends Stamped>(store: Store<T>, record: T, changes: Partial<T>): void {
    const stamp = { updated_at: neutronTime(this.#clock.now()), revision_number: record.revision_number + 1 };
    store.change(record, { ...changes, ...stamp });
  }

  quotaOf(projectId: string): NeutronQuota {
    return this.quotas.get(projectId) ?? unlimited;
  }

  /** Throws OverQuota. */
  room(projectId: string, name: NeutronQuotaName): void {
    const limit = this.quotaOf(projectId)[name];
    if (limit >= 0 && this[name].count('project_id', projectId) >= limit)
      throw neutronRefusal(409, 'OverQuota', `Quota exceeded for resources: ['${name}'].`);
  }

  /** One address of a subnet: the one wished for, if it is free, else the next. */
  allocate(subnet: Subnet, wish?: string): string {
    const used = this.#used.get(subnet.id) ?? { taken: new Set<string>(), next: 10 };
    this.#used.set(subnet.id, used);
    if (wish !== undefined && !contains(subnet.cidr, wish))
      throw neutronRefusal(400, 'InvalidIpForSubnet', `IP address ${wish} is not a valid IP for the specified subnet.`);
    if (wish !== undefined && used.taken.has(wish))
      throw neutronRefusal(
        409,
        'IpAddressAlreadyAllocated',
        `IP address ${wish} already allocated in subnet ${subnet.id}`,
      );
    const found = wish ?? nextFree(subnet, used);
    if (!contains(subnet.cidr, found))
      throw neutronRefusal(
        409,
        'IpAddressGenerationFailure',
        `No more IP addresses available on network ${subnet.network_id}.`,
      );
    used.taken.add(found);
    return found;
  }

  release(ips: readonly FixedIp[]): void {
    for (const { subnet_id, ip_address } of ips) this.#used.get(subnet_id)?.taken.delete(ip_address);
  }

  addPort(of: Partial<Port> & Pick<Port, 'project_id' | 'network_id' | 'fixed_ips'>): Port {
    const born = this.born(of.project_id);
    const mac = born.id.replaceAll('-', '').slice(0, 6).match(/../g)?.join(':') ?? '';
    return this.port.add({
      ...born,
      revision_number: 1,
      admin_state_up: true,
      status: 'DOWN',
      mac_address: `fa:16:3e:${mac}`,
      device_id: '',
      device_owner: '',
      security_groups: [],
      allowed_address_pairs: [],
      port_security_enabled: true,
      qos_policy_id: null,
      ...of,
    });
  }

  /** Floating IPs live on without it. */
  removePort(port: Port): void {
    for (const floating of this.floatingip.find('port_id', port.id))
      this.touch(this.floatingip, floating, { port_id: null, fixed_ip_address: null, status: 'DOWN' });
    this.release(port.fixed_ips);
    this.port.remove(port);
  }

  /** With the two rules that let everything out. */
  addGroup(of: Pick<SecurityGroup, 'project_id' | 'name'> & { readonly description?: string }): SecurityGroup {
    const group = this.security_group.add({ ...this.born(of.project_id), stateful: true, shared: false, ...of });
    for (const ethertype of ['IPv4', 'IPv6'] as const)
      this.addRule({ project_id: group.project_id, security_group_id: group.id, direction: 'egress', ethertype });
    return group;
  }

  addRule(
    of: Partial<SecurityGroupRule> &
      Pick<SecurityGroupRule, 'project_id' | 'security_group_id' | 'direction' | 'ethertype'>,
  ): SecurityGroupRule {
    const { name: _none, ...born } = this.born(of.project_id);
    return this.security_group_rule.add({
      ...born,
      description: null,
      protocol: null,
      port_range_min: null,
      port_range_max: null,
      remote_ip_prefix: null,
      remote_group_id: null,
      ...of,
    });
  }

  removeGroup(group: SecurityGroup): void {
    for (const rule of this.security_group_rule.find('security_group_id', group.id))
      this.security_group_rule.remove(rule);
    this.security_group.remove(group);
  }

  defaultGroup(projectId: string): SecurityGroup {
    const there = this.security_group.find('project_id', projectId).find((group) => group.name === 'default');
    return there ?? this.addGroup({ project_id: projectId, name: 'default', description: 'Default security group' });
  }
}

/** Broadcast addresses are left out, whatever the prefix. */
function nextFree({ cidr }: Subnet, used: { readonly taken: ReadonlySet<string>; next: number }): string {
  for (;;) {
    const candidate = nthAddress(cidr, used.next);
    if (!used.taken.has(candidate) && !candidate.endsWith('.255')) return candidate;
    used.next += 1;
  }
}

interface Stamped {
  readonly id: string;
  readonly tags: readonly string[];
  readonly updated_at: string;
  readonly revision_number: number;
}

const unlimited: NeutronQuota = {
  network: -1,
  subnet: -1,
  port: -1,
  floatingip: -1,
  security_group: -1,
  security_group_rule: -1,
};
