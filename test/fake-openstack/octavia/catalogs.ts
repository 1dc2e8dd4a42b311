import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { flag, readEnvelope, text, uuid } from '../fields.ts';
import { octaviaNotFound, octaviaRefusal } from '../refusal.ts';
import { administratorOnly, mayRead } from './access.ts';
import type { Octavia } from './context.ts';
import { chosen, listPage } from './listing.ts';
import type { AvailabilityZone, Flavor } from './records.ts';

const profileBody = {
  argument: 'flavor_profile_.flavorprofile',
  fields: { name: text(), provider_name: text(), flavor_data: text(4_096) },
  required: ['name', 'provider_name', 'flavor_data'],
} as const;
const flavorBody = {
  argument: 'flavor_.flavor',
  fields: { name: text(), description: text(), enabled: flag, flavor_profile_id: uuid },
  required: ['name', 'flavor_profile_id'],
} as const;

/** What the cloud offers to choose from. Everybody reads it; profiles are for administrators. */
export function catalogRoutes(octavia: Octavia): Routes {
  const { tables, switches, ids } = octavia;
  const { pageLimit } = switches;
  const flavor = (id: string): Flavor => {
    const there = tables.flavor.get(id);
    if (there === undefined) throw octaviaNotFound('Flavor', id);
    return there;
  };
  return {
    'GET /v2/lbaas/providers': (call) => providers(call),
    'GET /v2/lbaas/providers/:/flavor_capabilities': ({ token }) => {
      administratorOnly(token);
      return ok({ flavor_capabilities: capabilities });
    },
    'GET /v2/lbaas/flavors': (call) =>
      listPage(
        {
          store: tables.flavor,
          many: 'flavors',
          filters: ['enabled', 'flavor_profile_id'],
          pageLimit,
          show: (one) => ({ ...one }),
        },
        call,
      ),
    'GET /v2/lbaas/flavors/:': (call, [id = '']) => {
      mayRead(call.token);
      return ok({ flavor: chosen({ ...flavor(id) }, call.query.getAll('fields')) });
    },
    'POST /v2/lbaas/flavors': (call) => {
      administratorOnly(call.token);
      const { name, description, enabled, flavor_profile_id } = readEnvelope(call.body, 'flavor', flavorBody);
      const made = { id: ids.uuid(), name: name ?? '', description: description ?? '', enabled: enabled ?? true };
      return created({ flavor: tables.flavor.add({ ...made, flavor_profile_id: flavor_profile_id ?? '' }) });
    },
    'DELETE /v2/lbaas/flavors/:': ({ token }, [id = '']) => {
      administratorOnly(token);
      const one = flavor(id);
      if (tables.loadbalancer.all().some((balancer) => balancer.flavor_id === id))
        throw octaviaRefusal(409, `Flavor ${id} is in use and cannot be modified.`);
      tables.flavor.remove(one);
      return noContent;
    },
    'GET /v2/lbaas/flavorprofiles': (call) => {
      administratorOnly(call.token);
      return listPage(
        { store: tables.flavorProfile, many: 'flavorprofiles', filters: [], pageLimit, show: (one) => ({ ...one }) },
        call,
      );
    },
    'POST /v2/lbaas/flavorprofiles': (call) => {
      administratorOnly(call.token);
      const { name, provider_name, flavor_data } = readEnvelope(call.body, 'flavorprofile', profileBody);
      const topology = /"loadbalancer_topology":\s*"([^"]*)"/.exec(flavor_data ?? '')?.[1];
      if (topology !== undefined && topology !== 'SINGLE' && topology !== 'ACTIVE_STANDBY')
        throw octaviaRefusal(
          501,
          `Provider 'amphora' does not support a requested option: loadbalancer_topology '${topology}' is not one of ['ACTIVE_STANDBY', 'SINGLE']`,
        );
      const made = {
        id: ids.uuid(),
        name: name ?? '',
        provider_name: provider_name ?? '',
        flavor_data: flavor_data ?? '',
      };
      return created({ flavorprofile: tables.flavorProfile.add(made) });
    },
    'GET /v2/lbaas/availabilityzones': (call) => {
      return listPage(
        { store: tables.availabilityZone, many: 'availability_zones', filters: ['enabled'], pageLimit, show: showZone },
        call,
      );
    },
  };
}

function showZone({ id: _id, ...zone }: AvailabilityZone): Omit<AvailabilityZone, 'id'> {
  return zone;
}

const capabilities = [
  {
    name: 'loadbalancer_topology',
    description:
      'The load balancer topology. One of: SINGLE - One amphora per load balancer. ACTIVE_STANDBY - Two amphora per load balancer.',
  },
  { name: 'compute_flavor', description: 'The compute driver flavor ID.' },
  { name: 'amp_image_tag', description: 'The amphora image tag.' },
];

function providers(call: Call) {
  mayRead(call.token);
  return ok({
    providers: [
      { name: 'amphora', description: 'The Octavia Amphora driver.' },
      { name: 'octavia', description: 'Deprecated alias of the Octavia Amphora driver.' },
    ],
  });
}
