import { Secrets } from './barbican/secrets.ts';
import type { FakeClock } from './clock.ts';
import { Ids } from './ids.ts';
import { accounts } from './keystone/accounts.ts';
import { Identity3 } from './keystone/identity.ts';
import { NeutronTables } from './neutron/tables.ts';
import type { Octavia } from './octavia/context.ts';
import { Cycles } from './octavia/cycles.ts';
import { Quotas } from './octavia/quotas.ts';
import { Tables } from './octavia/tables.ts';
import type { Switches } from './switches.ts';

/** The whole cloud, without the network in front of it. */
export interface World {
  readonly clock: FakeClock;
  readonly ids: Ids;
  readonly switches: Switches;
  readonly identity: Identity3;
  readonly neutron: NeutronTables;
  readonly octavia: Octavia;
  readonly secrets: Secrets;
}

export function makeWorld(of: {
  readonly clock: FakeClock;
  readonly switches: Switches;
  readonly idSeed: string;
}): World {
  const { clock, switches } = of;
  const ids = new Ids(of.idSeed);
  const identity = new Identity3({ accounts: accounts(ids), clock, ids });
  const neutron = new NeutronTables({ clock, ids });
  const secrets = new Secrets({ clock, ids });
  const tables = new Tables();
  const cycles = new Cycles({ tables, clock, switches });
  // a balancer is rendered with all its certificates, or not at all
  cycles.wedged = (balancer) =>
    tables.listener.find('loadbalancer_id', balancer.id).some((listener) => {
      const refs = [
        ...listener.sni_container_refs,
        ...(listener.default_tls_container_ref === null ? [] : [listener.default_tls_container_ref]),
      ];
      return refs.some((ref) => !secrets.exists(ref));
    });
  const octavia: Octavia = { tables, cycles, quotas: new Quotas(tables), neutron, secrets, switches, ids };
  return { clock, ids, switches, identity, neutron, octavia, secrets };
}
