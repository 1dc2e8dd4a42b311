import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { readEnvelope } from '../fields.ts';
import { octaviaRefusal } from '../refusal.ts';
import { readable, there, writable } from './access.ts';
import { born, type Octavia, pending, pendingUpdate, settled, sortedTags } from './context.ts';
import { chosen, listPage } from './listing.ts';
import {
  checkHttpFields,
  checkMonitor,
  type MonitorBody,
  monitorCreate,
  monitorDefaults,
  monitorUpdate,
} from './monitor-fields.ts';
import { beginInPool, poolMutable } from './pool-contents.ts';
import type { HealthMonitor, Pool } from './records.ts';

export function healthMonitorRoutes(octavia: Octavia): Routes {
  const { tables, switches } = octavia;
  return {
    'GET /v2/lbaas/healthmonitors': (call) =>
      listPage(
        {
          store: tables.healthmonitor,
          many: 'healthmonitors',
          filters,
          pageLimit: switches.pageLimit,
          show: showMonitor,
        },
        call,
      ),
    'GET /v2/lbaas/healthmonitors/:': (call, [id = '']) => {
      const monitor = readable(tables, call, 'healthmonitor', id);
      return ok({ healthmonitor: chosen(showMonitor(monitor), call.query.getAll('fields')) });
    },
    'POST /v2/lbaas/healthmonitors': (call) => created({ healthmonitor: showMonitor(create(octavia, call)) }),
    'PUT /v2/lbaas/healthmonitors/:': (call, [id = '']) => {
      const monitor = writable(tables, call, 'healthmonitor', id);
      const body = readEnvelope(call.body, 'healthmonitor', monitorUpdate);
      checkHttpFields({ http_version: monitor.http_version, ...body }, monitor.type);
      const pool = there(tables, 'pool', monitor.pool_id);
      poolMutable(octavia, pool);
      pendingUpdate(octavia, monitor, settled(sortedTags(body), monitorDefaults(monitor.type)));
      beginInPool(octavia, pool, { kind: 'healthmonitor.update', subject: monitor });
      return ok({ healthmonitor: showMonitor(monitor) });
    },
    'DELETE /v2/lbaas/healthmonitors/:': (call, [id = '']) => {
      const monitor = writable(tables, call, 'healthmonitor', id);
      const pool = there(tables, 'pool', monitor.pool_id);
      poolMutable(octavia, pool);
      pending(octavia, [monitor], 'PENDING_DELETE');
      beginInPool(octavia, pool, { kind: 'healthmonitor.delete', subject: monitor });
      return noContent;
    },
  };
}

function create(octavia: Octavia, call: Call): HealthMonitor {
  const body = readEnvelope(call.body, 'healthmonitor', monitorCreate);
  const { pool_id, project_id: _project, tenant_id: _tenant, ...own } = body;
  const pool = writable(octavia.tables, call, 'pool', pool_id ?? '');
  checkMonitor(own, pool);
  octavia.quotas.room(pool.project_id, 'healthmonitor');
  poolMutable(octavia, pool);
  const monitor = addMonitor(octavia, pool, own);
  beginInPool(octavia, pool, { kind: 'healthmonitor.create', subject: monitor });
  return monitor;
}

export function addMonitor(octavia: Octavia, pool: Pool, body: MonitorBody): HealthMonitor {
  if (octavia.tables.healthmonitor.count('pool_id', pool.id) > 0)
    throw octaviaRefusal(409, 'This pool already has a health monitor');
  const defaults = monitorDefaults(body.type ?? '');
  return octavia.tables.healthmonitor.add({
    ...born(octavia, 'healthmonitor', pool.project_id),
    loadbalancer_id: pool.loadbalancer_id,
    pool_id: pool.id,
    ...defaults,
    type: body.type ?? '',
    delay: body.delay ?? 0,
    timeout: body.timeout ?? 0,
    max_retries: body.max_retries ?? 0,
    ...settled(sortedTags(body), defaults),
  });
}

export function showMonitor(monitor: HealthMonitor): Readonly<Record<string, unknown>> {
  const { kind: _kind, loadbalancer_id: _balancer, description: _none, pool_id, ...shown } = monitor;
  return { ...shown, tenant_id: monitor.project_id, pools: [{ id: pool_id }] };
}

const filters = [
  'pool_id',
  'type',
  'delay',
  'timeout',
  'max_retries',
  'max_retries_down',
  'http_method',
  'http_version',
  'url_path',
  'domain_name',
  'expected_codes',
  'admin_state_up',
  'provisioning_status',
  'operating_status',
];
