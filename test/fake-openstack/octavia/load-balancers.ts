import { accepted, type Call, created, noContent, ok, type Routes } from '../http.ts';
import { readEnvelope } from '../fields.ts';
import { octaviaRefusal, validationFailure } from '../refusal.ts';
import { administratorOnly, mayWrite, readable, there, writable } from './access.ts';
import { replaceAmphorae } from './amphorae.ts';
import { born, type Octavia, pending, pendingUpdate, settled, sortedTags } from './context.ts';
import { balancerMutable } from './cycles.ts';
import { lookedAfter, plantTree, showTree } from './full-create.ts';
import { settle, unsettle } from './infrastructure.ts';
import { chosen, listPage } from './listing.ts';
import {
  type LoadBalancerBody,
  loadBalancerCreate,
  loadBalancerDefaults,
  loadBalancerUpdate,
} from './load-balancer-fields.ts';
import { placementOf } from './placement.ts';
import type { LoadBalancer } from './records.ts';
import { noStats } from './stats.ts';
import { statusTree } from './status-tree.ts';
import { references, type Tables } from './tables.ts';
import { planVip, qosSeenBy, takeVipPort } from './vip.ts';

export function loadBalancerRoutes(octavia: Octavia): Routes {
  const { tables, switches, cycles } = octavia;
  const show = (balancer: LoadBalancer) => showLoadBalancer(tables, balancer);
  return {
    'GET /v2/lbaas/loadbalancers': (call) =>
      listPage(
        { store: tables.loadbalancer, many: 'loadbalancers', filters, pageLimit: switches.pageLimit, show },
        call,
      ),
    'GET /v2/lbaas/loadbalancers/:': (call, [id = '']) => {
      const balancer = readable(tables, call, 'loadbalancer', id);
      return ok({ loadbalancer: chosen(show(balancer), call.query.getAll('fields')) });
    },
    'GET /v2/lbaas/loadbalancers/:/status': (call, [id = '']) =>
      ok({ statuses: { loadbalancer: statusTree(tables, readable(tables, call, 'loadbalancer', id)) } }),
    'GET /v2/lbaas/loadbalancers/:/stats': (call, [id = '']) => {
      readable(tables, call, 'loadbalancer', id);
      return noStats;
    },
    'POST /v2/lbaas/loadbalancers': (call) => {
      const balancer = create(octavia, call);
      return created({ loadbalancer: { ...show(balancer), ...showTree(tables, balancer) } });
    },
    'PUT /v2/lbaas/loadbalancers/:': (call, [id = '']) => {
      const balancer = writable(tables, call, 'loadbalancer', id);
      if (call.query.has('cascade')) throw octaviaRefusal(400, 'Unknown argument: "cascade"');
      const body = readEnvelope(call.body, 'loadbalancer', loadBalancerUpdate);
      if (body.vip_qos_policy_id != null) qosSeenBy(octavia.neutron, call.token, body.vip_qos_policy_id);
      balancerMutable(balancer, ['ACTIVE']);
      pendingUpdate(octavia, balancer, settled(sortedTags(body), loadBalancerDefaults));
      cycles.begin({ balancer, kind: 'loadbalancer.update', subjects: [] });
      return ok({ loadbalancer: show(balancer) });
    },
    'PUT /v2/lbaas/loadbalancers/:/failover': ({ token }, [id = '']) => {
      const balancer = there(tables, 'loadbalancer', id);
      administratorOnly(token);
      balancerMutable(balancer, ['ACTIVE', 'ERROR']);
      tables.change(balancer, { provisioning_status: 'PENDING_UPDATE' });
      cycles.begin({
        balancer,
        kind: 'loadbalancer.failover',
        subjects: [],
        carryOut: () => replaceAmphorae(octavia, balancer),
      });
      return accepted;
    },
    'DELETE /v2/lbaas/loadbalancers/:': (call, [id = '']) => {
      remove(octavia, call, id);
      return noContent;
    },
  };
}

function create(octavia: Octavia, call: Call): LoadBalancer {
  const { tables, cycles, quotas, switches } = octavia;
  const body = readEnvelope(call.body, 'loadbalancer', loadBalancerCreate);
  const projectId = body.project_id ?? body.tenant_id ?? call.token.project.id;
  mayWrite(call.token, projectId);
  const plan = planVip(octavia, call.token, body);
  const placement = placementOf(octavia, body);
  quotas.room(projectId, 'loadbalancer');
  const start = born(octavia, 'loadbalancer', projectId);
  const port = takeVipPort(octavia, { id: start.id, projectId }, plan);
  const first = port.fixed_ips.find((ip) => ip.subnet_id === plan.subnetId);
  const balancer = tables.loadbalancer.add({
    ...start,
    ...settled(ownFields(body), loadBalancerDefaults),
    ...placement,
    vip_qos_policy_id: body.vip_qos_policy_id ?? port.qos_policy_id,
    vip_address: first?.ip_address ?? '',
    vip_port_id: port.id,
    vip_subnet_id: plan.subnetId,
    vip_network_id: plan.networkId,
    additional_vips: plan.additional
      .flatMap((vip) => port.fixed_ips.filter((ip) => ip.subnet_id === vip.subnet_id))
      .toSorted((a, b) => (a.subnet_id < b.subnet_id ? -1 : 1)),
  });
  try {
    plantTree(octavia, call, { balancer, body });
  } catch (error) {
    // Octavia rolls its database back and forgets the port, which stays behind
    for (const child of tables.below(balancer)) tables.remove(child);
    tables.loadbalancer.remove(balancer);
    throw error;
  }
  const whole = tables.below(balancer).length > 0;
  cycles.begin({
    balancer,
    kind: whole ? 'loadbalancer.create-full' : 'loadbalancer.create',
    subjects: switches.fullCreate === 'whole' ? lookedAfter(tables, balancer) : [],
    carryOut: () => settle(octavia, balancer),
  });
  return balancer;
}

function ownFields({ name, description, tags, admin_state_up }: LoadBalancerBody): object {
  const given = Object.entries(sortedTags({ name, description, tags: tags ?? null, admin_state_up }));
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function remove(octavia: Octavia, call: Call, id: string): void {
  const { tables, cycles } = octavia;
  const balancer = writable(tables, call, 'loadbalancer', id);
  const children = tables.below(balancer);
  const cascade = (call.query.get('cascade') ?? '').toLowerCase() === 'true';
  const parents = children.some((child) => child.kind === 'listener' || child.kind === 'pool');
  if (parents && !cascade) throw validationFailure(`Cannot delete Load Balancer ${id} - it has children`);
  if (call.query.has('cascade') && !['true', 'false'].includes((call.query.get('cascade') ?? '').toLowerCase()))
    throw octaviaRefusal(
      400,
      `Invalid input for field/attribute cascade. Value: '${call.query.get('cascade')}'. Unable to convert to boolean`,
    );
  balancerMutable(balancer, ['ACTIVE', 'ERROR']);
  tables.change(balancer, { provisioning_status: 'PENDING_DELETE' });
  pending(octavia, children, 'PENDING_DELETE');
  cycles.begin({ balancer, kind: 'loadbalancer.delete', subjects: [], carryOut: () => unsettle(octavia, balancer) });
}

export function showLoadBalancer(tables: Tables, balancer: LoadBalancer): Readonly<Record<string, unknown>> {
  const { kind: _kind, topology: _topology, ...shown } = balancer;
  return {
    ...shown,
    tenant_id: balancer.project_id,
    listeners: references(tables.listener.find('loadbalancer_id', balancer.id)),
    pools: references(tables.pool.find('loadbalancer_id', balancer.id)),
  };
}

const filters = [
  'vip_address',
  'vip_port_id',
  'vip_subnet_id',
  'vip_network_id',
  'vip_qos_policy_id',
  'provider',
  'flavor_id',
  'availability_zone',
  'description',
  'admin_state_up',
  'provisioning_status',
  'operating_status',
];
