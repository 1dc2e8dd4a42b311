import { z } from 'zod';
import { contains } from '../addresses.ts';
import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { neutronRefusal } from '../refusal.ts';
import { checkRevision, found, type Kind, readNeutron, readRoutes } from './common.ts';
import type { FixedIp, Port, Subnet } from './records.ts';
import type { NeutronTables } from './tables.ts';

const changeable = {
  name: z.string().optional(),
  description: z.string().optional(),
  admin_state_up: z.boolean().optional(),
  device_id: z.string().optional(),
  device_owner: z.string().optional(),
  fixed_ips: z
    .array(z.strictObject({ subnet_id: z.string().optional(), ip_address: z.string().optional() }))
    .optional(),
  security_groups: z.array(z.string()).optional(),
  port_security_enabled: z.boolean().optional(),
  allowed_address_pairs: z.array(z.object({ ip_address: z.string() })).optional(),
};
const updateBody = z.strictObject(changeable);
const createBody = z.strictObject({ ...changeable, network_id: z.string(), tags: z.array(z.string()).optional() });

export function portRoutes(tables: NeutronTables): Routes {
  const ports = portKind(tables);
  return {
    ...readRoutes(ports, tables),
    'POST /v2.0/ports': (call) => {
      const body = readNeutron(call.body, 'port', createBody);
      const network = tables.network.get(body.network_id);
      if (network === undefined)
        throw neutronRefusal(404, 'NetworkNotFound', `Network ${body.network_id} could not be found.`);
      const project_id = call.token.project.id;
      tables.room(project_id, 'port');
      knownGroups(tables, body.security_groups ?? []);
      const wishes = body.fixed_ips ?? firstOfEachFamily(tables.subnet.find('network_id', network.id));
      const { fixed_ips: _wishes, security_groups, ...rest } = body;
      const groups = body.port_security_enabled === false ? [] : [tables.defaultGroup(project_id).id];
      const port = tables.addPort({
        ...given(rest),
        project_id,
        network_id: network.id,
        security_groups: security_groups ?? groups,
        fixed_ips: fixedIps(tables, network.id, wishes),
      });
      return created({ port: ports.show(port) });
    },
    'PUT /v2.0/ports/:': (call, [id = '']) => {
      const port = found(ports, call, id);
      checkRevision(call, port);
      update(tables, port, readNeutron(call.body, 'port', updateBody));
      return ok({ port: ports.show(port) });
    },
    'DELETE /v2.0/ports/:': (call: Call, [id = '']) => {
      tables.removePort(found(ports, call, id));
      return noContent;
    },
  };
}

function update(tables: NeutronTables, port: Port, body: z.infer<typeof updateBody>): void {
  knownGroups(tables, body.security_groups ?? []);
  const security = body.port_security_enabled ?? port.port_security_enabled;
  if (!security && (body.security_groups ?? port.security_groups).length > 0)
    throw neutronRefusal(
      409,
      'PortSecurityPortHasSecurityGroup',
      'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
    );
  const { fixed_ips, ...rest } = body;
  if (fixed_ips === undefined) return tables.touch(tables.port, port, given(rest));
  tables.release(port.fixed_ips);
  tables.touch(tables.port, port, { ...given(rest), fixed_ips: fixedIps(tables, port.network_id, fixed_ips) });
}

export function portKind(tables: NeutronTables): Kind<Port> {
  return {
    store: tables.port,
    path: 'ports',
    one: 'port',
    many: 'ports',
    missing: { type: 'PortNotFound', text: (id) => `Port ${id} could not be found.` },
    show: (port) => ({
      ...port,
      tenant_id: port.project_id,
      extra_dhcp_opts: [],
      'binding:vnic_type': 'normal',
      qos_network_policy_id: null,
    }),
  };
}

type Wishes = readonly { readonly subnet_id?: string | undefined; readonly ip_address?: string | undefined }[];

export function fixedIps(tables: NeutronTables, networkId: string, wishes: Wishes): readonly FixedIp[] {
  const subnets = tables.subnet.find('network_id', networkId);
  return wishes.map(({ subnet_id, ip_address }) => {
    const subnet = subnets.find((one) =>
      subnet_id === undefined ? ip_address !== undefined && contains(one.cidr, ip_address) : one.id === subnet_id,
    );
    if (subnet === undefined)
      throw neutronRefusal(
        400,
        'InvalidInput',
        `Invalid input for operation: Failed to create port on network ${networkId}, because fixed_ips included invalid subnet ${subnet_id}.`,
      );
    return { subnet_id: subnet.id, ip_address: tables.allocate(subnet, ip_address) };
  });
}

/** What a port gets that asks for nothing: one address of each family. */
function firstOfEachFamily(subnets: readonly Subnet[]): Wishes {
  return [4, 6].flatMap((family) => {
    const subnet = subnets.find((one) => one.ip_version === family);
    return subnet === undefined ? [] : [{ subnet_id: subnet.id }];
  });
}

function knownGroups(tables: NeutronTables, ids: readonly string[]): void {
  const unknown = ids.find((id) => tables.security_group.get(id) === undefined);
  if (unknown !== undefined)
    throw neutronRefusal(404, 'SecurityGroupNotFound', `Security group ${unknown} does not exist`);
}

/** Without the fields that were not given. */
function given<T extends object>(body: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
