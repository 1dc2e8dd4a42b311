import type { Call } from '../http.ts';
import type { Ids } from '../ids.ts';
import type { NeutronTables } from '../neutron/tables.ts';
import { octaviaRefusal } from '../refusal.ts';
import type { Secrets } from '../barbican/secrets.ts';
import type { Switches } from '../switches.ts';
import { there } from './access.ts';
import type { Cycles } from './cycles.ts';
import type { Quotas } from './quotas.ts';
import type { Child, Kind, LoadBalancer, OctaviaRecord } from './records.ts';
import type { Tables } from './tables.ts';

/** What every part of Octavia works with. */
export interface Octavia {
  readonly tables: Tables;
  readonly cycles: Cycles;
  readonly quotas: Quotas;
  readonly neutron: NeutronTables;
  readonly secrets: Secrets;
  readonly switches: Switches;
  readonly ids: Ids;
}

/** The fields that every new record begins with. */
export function born<K extends Kind>({ ids, cycles }: Octavia, kind: K, project_id: string) {
  return {
    kind,
    id: kind === 'loadbalancer' ? ids.next() : ids.uuid(),
    project_id,
    name: '',
    description: '',
    provisioning_status: 'PENDING_CREATE' as const,
    operating_status: kind === 'member' ? 'NO_MONITOR' : 'OFFLINE',
    admin_state_up: true,
    tags: [] as readonly string[],
    created_at: cycles.now(),
    updated_at: null,
  };
}

export function balancerOf({ tables }: Octavia, child: Child): LoadBalancer {
  return there(tables, 'loadbalancer', child.loadbalancer_id);
}

/** What an accepted update does to a record at once: the new values show before they are carried out. */
export function pendingUpdate(
  { tables, cycles }: Octavia,
  record: OctaviaRecord,
  changes: Partial<OctaviaRecord>,
): void {
  tables.change(record, { ...changes, provisioning_status: 'PENDING_UPDATE', updated_at: cycles.now() });
}

export function pending(
  { tables }: Octavia,
  records: readonly Child[],
  provisioning_status: 'PENDING_UPDATE' | 'PENDING_DELETE',
): void {
  for (const record of records) tables.change(record, { provisioning_status });
}

/** The fields of a body that were given, null as the default: that is how Octavia clears a field. */
export function settled(body: object, defaults: object = {}): object {
  const known = defaults as Readonly<Record<string, unknown>>;
  const entries = Object.entries(body).map(([name, value]) => [name, value ?? known[name] ?? null] as const);
  return Object.fromEntries(entries);
}

/** Tags are kept in the order of their texts, each once. */
export function sortedTags<T extends { readonly tags?: readonly string[] | null }>(body: T): T {
  return body.tags == null ? body : { ...body, tags: [...new Set(body.tags)].toSorted() };
}

const allowedPools: Readonly<Record<string, readonly string[]>> = {
  TCP: ['HTTP', 'HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  HTTP: ['HTTP', 'PROXY', 'PROXYV2'],
  HTTPS: ['HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  TERMINATED_HTTPS: ['HTTP', 'PROXY', 'PROXYV2'],
  UDP: ['UDP'],
  SCTP: ['SCTP'],
};

export function protocolsFit(listener: string, pool: string): void {
  if (allowedPools[listener]?.includes(pool) === true) return;
  throw octaviaRefusal(
    400,
    `Validation failure: The pool protocol '${pool}' is invalid while the listener protocol is '${listener}'.`,
  );
}

/** Only a create of a whole load balancer takes nested objects; anywhere else Octavia trips over them. */
export function refuseNested(call: Call, envelope: string, names: readonly string[]): void {
  const body = call.body as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> | undefined;
  const inner = body?.[envelope];
  if (inner === undefined) return;
  const nested = names.some((name) => {
    const value = inner[name];
    return Array.isArray(value) ? value.length > 0 : typeof value === 'object' && value !== null;
  });
  if (nested) throw octaviaRefusal(500, "'dict' object has no attribute '_sa_instance_state'");
}
