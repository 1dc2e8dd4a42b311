import { z } from 'zod';
import { isIpv6 } from '../addresses.ts';
import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { neutronRefusal } from '../refusal.ts';
import { found, type Kind, readNeutron, readRoutes } from './common.ts';
import { portKind } from './ports.ts';
import type { FloatingIp } from './records.ts';
import type { NeutronTables } from './tables.ts';

const changeable = {
  port_id: z.string().nullish(),
  fixed_ip_address: z.string().nullish(),
  description: z.string().optional(),
};
const updateBody = z.strictObject(changeable);
const createBody = z.strictObject({
  ...changeable,
  floating_network_id: z.string(),
  subnet_id: z.string().nullish(),
  floating_ip_address: z.string().nullish(),
});

export function floatingIpRoutes(tables: NeutronTables): Routes {
  const floatingIps = floatingIpKind(tables);
  return {
    ...readRoutes(floatingIps, tables),
    'POST /v2.0/floatingips': (call) => {
      const body = readNeutron(call.body, 'floatingip', createBody);
      const project_id = call.token.project.id;
      tables.room(project_id, 'floatingip');
      const network = tables.network.get(body.floating_network_id);
      if (network?.['router:external'] !== true)
        throw badRequest(`Network ${body.floating_network_id} is not a valid external network.`);
      const { name: _none, ...born } = tables.born(project_id);
      const target = associated(tables, call, { id: born.id, network: network.id }, body);
      const floating_ip_address = address(tables, network.id, body);
      const floating = tables.floatingip.add({
        ...born,
        ...target,
        description: body.description ?? '',
        floating_ip_address,
        floating_network_id: network.id,
        status: 'DOWN',
      });
      return created({ floatingip: floatingIps.show(floating) });
    },
    'PUT /v2.0/floatingips/:': (call, [id = '']) => {
      const floating = found(floatingIps, call, id);
      const body = readNeutron(call.body, 'floatingip', updateBody);
      const about = { id, network: floating.floating_network_id };
      const target = body.port_id === undefined ? {} : associated(tables, call, about, body);
      const { description } = body;
      tables.touch(tables.floatingip, floating, { ...target, ...(description === undefined ? {} : { description }) });
      return ok({ floatingip: floatingIps.show(floating) });
    },
    'DELETE /v2.0/floatingips/:': (call, [id = '']) => {
      const floating = found(floatingIps, call, id);
      for (const subnet of tables.subnet.find('network_id', floating.floating_network_id))
        tables.release([{ subnet_id: subnet.id, ip_address: floating.floating_ip_address }]);
      tables.floatingip.remove(floating);
      return noContent;
    },
  };
}

type Target = Pick<FloatingIp, 'port_id' | 'fixed_ip_address'>;

/** The port and which of its addresses; throws when there is no one answer. */
function associated(
  tables: NeutronTables,
  call: Call,
  about: { readonly id: string; readonly network: string },
  body: z.infer<typeof updateBody>,
): Target {
  if (body.port_id == null) return { port_id: null, fixed_ip_address: null };
  const port = found(portKind(tables), call, body.port_id);
  const fours = port.fixed_ips.map((ip) => ip.ip_address).filter((ip) => !isIpv6(ip));
  if (fours.length > 1 && body.fixed_ip_address == null)
    throw badRequest(
      `Port ${port.id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP.`,
    );
  const fixed = body.fixed_ip_address ?? fours[0];
  if (fixed === undefined || !fours.includes(fixed))
    throw badRequest(`Port ${port.id} does not have fixed ip ${fixed ?? ''}.`);
  const taken = tables.floatingip
    .find('port_id', port.id)
    .find((one) => one.fixed_ip_address === fixed && one.id !== about.id);
  if (taken !== undefined)
    throw neutronRefusal(
      409,
      'FloatingIPPortAlreadyAssociated',
      `Cannot associate floating IP ${taken.floating_ip_address} (${about.id}) with port ${port.id} using fixed IP ${fixed}, as that fixed IP already has a floating IP on external network ${about.network}.`,
    );
  return { port_id: port.id, fixed_ip_address: fixed };
}

function address(tables: NeutronTables, networkId: string, body: z.infer<typeof createBody>): string {
  const fours = tables.subnet.find('network_id', networkId).filter((one) => one.ip_version === 4);
  const subnet = fours.find((one) => body.subnet_id == null || one.id === body.subnet_id);
  if (subnet === undefined)
    throw badRequest(`Cannot get subnet ${body.subnet_id ?? ''} of external network ${networkId}.`);
  return tables.allocate(subnet, body.floating_ip_address ?? undefined);
}

function floatingIpKind(tables: NeutronTables): Kind<FloatingIp> {
  return {
    store: tables.floatingip,
    path: 'floatingips',
    one: 'floatingip',
    many: 'floatingips',
    missing: { type: 'FloatingIPNotFound', text: (id) => `Floating IP ${id} could not be found` },
    show: (floating) => {
      const port = floating.port_id === null ? undefined : tables.port.get(floating.port_id);
      const { name, network_id, mac_address, admin_state_up, status, device_id, device_owner } = port ?? {};
      const port_details =
        port === undefined ? null : { name, network_id, mac_address, admin_state_up, status, device_id, device_owner };
      return { ...floating, tenant_id: floating.project_id, router_id: null, qos_policy_id: null, port_details };
    },
  };
}

function badRequest(message: string): Error {
  return neutronRefusal(400, 'BadRequest', `Bad floatingip request: ${message}`);
}
