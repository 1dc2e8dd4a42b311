import { accepted, ok, type Routes } from '../http.ts';
import { octaviaNotFound } from '../refusal.ts';
import { administratorOnly, there } from './access.ts';
import type { Octavia } from './context.ts';
import { balancerMutable } from './cycles.ts';
import { listPage } from './listing.ts';
import type { Amphora, LoadBalancer } from './records.ts';

/** Only administrators know that there are any. */
export function amphoraRoutes(octavia: Octavia): Routes {
  const { tables, switches, cycles } = octavia;
  const get = (id: string): Amphora => {
    const amphora = tables.amphora.get(id);
    if (amphora === undefined) throw octaviaNotFound('Amphora', id);
    return amphora;
  };
  return {
    'GET /v2/octavia/amphorae': (call) => {
      administratorOnly(call.token);
      return listPage(
        {
          store: tables.amphora,
          many: 'amphorae',
          filters,
          pageLimit: switches.pageLimit,
          show: (one) => ({ ...one }),
        },
        call,
      );
    },
    'GET /v2/octavia/amphorae/:': ({ token }, [id = '']) => {
      administratorOnly(token);
      return ok({ amphora: get(id) });
    },
    'PUT /v2/octavia/amphorae/:/failover': ({ token }, [id = '']) => {
      administratorOnly(token);
      const balancer = there(tables, 'loadbalancer', get(id).loadbalancer_id);
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
  };
}

export function replaceAmphorae(octavia: Octavia, balancer: LoadBalancer): void {
  removeAmphorae(octavia, balancer);
  addAmphorae(octavia, balancer);
}

export function addAmphorae(octavia: Octavia, balancer: LoadBalancer): void {
  const roles = balancer.topology === 'SINGLE' ? (['STANDALONE'] as const) : (['MASTER', 'BACKUP'] as const);
  for (const role of roles) addAmphora(octavia, balancer, role);
}

export function removeAmphorae({ tables, neutron }: Octavia, balancer: LoadBalancer): void {
  for (const amphora of tables.amphora.find('loadbalancer_id', balancer.id)) {
    const port = neutron.port.get(amphora.vrrp_port_id);
    if (port !== undefined) neutron.removePort(port);
    tables.amphora.remove(amphora);
  }
}

/** Its port stands in the tenant's project, beside the VIP's. */
function addAmphora({ tables, neutron, ids, cycles }: Octavia, balancer: LoadBalancer, role: Amphora['role']): void {
  const subnet = neutron.subnet.get(balancer.vip_subnet_id);
  if (subnet === undefined) return;
  const id = ids.uuid();
  const compute_id = ids.uuid();
  const port = neutron.addPort({
    project_id: balancer.project_id,
    network_id: balancer.vip_network_id,
    name: `octavia-lb-vrrp-${id}`,
    device_id: compute_id,
    device_owner: 'compute:nova',
    security_groups: neutron.port.get(balancer.vip_port_id)?.security_groups ?? [],
    fixed_ips: [{ subnet_id: subnet.id, ip_address: neutron.allocate(subnet) }],
  });
  tables.amphora.add({
    id,
    loadbalancer_id: balancer.id,
    compute_id,
    lb_network_ip: '192.168.100.1',
    vrrp_ip: port.fixed_ips[0]?.ip_address ?? '',
    ha_ip: balancer.vip_address,
    vrrp_port_id: port.id,
    ha_port_id: balancer.vip_port_id,
    cert_expiration: null,
    cert_busy: false,
    role,
    status: 'ALLOCATED',
    vrrp_interface: null,
    vrrp_id: 1,
    vrrp_priority: role === 'BACKUP' ? 90 : 100,
    cached_zone: null,
    created_at: cycles.now(),
    updated_at: null,
    image_id: null,
    compute_flavor: null,
  });
}

const filters = ['loadbalancer_id', 'role', 'status', 'compute_id', 'vrrp_port_id', 'ha_port_id', 'lb_network_ip'];
