import type { Routes } from '../http.ts';
import { type Kind, readRoutes } from './common.ts';
import type { Network, Router, Subnet } from './records.ts';
import type { NeutronTables } from './tables.ts';

/** Routers: seeded, and read by their owners. */
export function routerRoutes(tables: NeutronTables): Routes {
  return readRoutes(routerKind(tables), tables);
}

/** With an interface at the gateway of each subnet, and a way out. */
export function addRouter(
  tables: NeutronTables,
  of: {
    readonly project_id: string;
    readonly name: string;
    readonly subnets: readonly Subnet[];
    readonly outside: Network;
  },
): Router {
  const { project_id, name, subnets, outside } = of;
  const router = tables.router.add({
    ...tables.born(project_id),
    name,
    admin_state_up: true,
    status: 'ACTIVE',
    external_gateway_info: { network_id: outside.id },
  });
  for (const { id, network_id, gateway_ip } of subnets)
    tables.addPort({
      project_id,
      network_id,
      device_id: router.id,
      device_owner: 'network:router_interface',
      port_security_enabled: false,
      fixed_ips: [{ subnet_id: id, ip_address: gateway_ip ?? '' }],
    });
  return router;
}

function routerKind(tables: NeutronTables): Kind<Router> {
  return {
    store: tables.router,
    path: 'routers',
    one: 'router',
    many: 'routers',
    missing: { type: 'RouterNotFound', text: (id) => `Router ${id} could not be found` },
    show: (router) => ({ ...router, tenant_id: router.project_id, routes: [] }),
  };
}
