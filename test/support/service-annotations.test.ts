import { expect, test } from '@jest/globals';
import { annotationKeys } from '../../operator/core/intake/annotations.ts';
import { changes } from './flat.ts';
import { became, type Column } from './service-intents.ts';

/**
 * What each annotation changes of a Service with the ports TCP 80 and UDP 53, on a load balancer of its own and on edge/public: all that is
 * listed, and nothing else. A refused one stands as the whole Service's problem.
 */

const occm = 'loadbalancer.openstack.org';
const internal = 'service.beta.kubernetes.io/openstack-internal-load-balancer';
const ranges = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const id = '5a2e0f7e-2f0a-4c58-9a51-0d6c3d1c9b11';

type Changed = Readonly<Record<string, unknown>>;
type Row = readonly [key: string, value: string, of: Readonly<Record<Column, Changed>>];

function both(key: string, value: string, changed: Changed): Row {
  return [key, value, { dedicated: changed, pooled: changed }];
}

function refused(key: string, value: string, message: string): Row {
  const problem = `UnsupportedValue: Annotation ${key}: ${message}`;
  return [key, value, { dedicated: { problem, fault: problem }, pooled: { problem } }];
}

/** A setting of the whole load balancer. */
function wide(name: string, value: string, of: { readonly field: string; readonly dedicated: Changed }): Row {
  const key = `${occm}/${name}`;
  const remark = `LoadBalancerWideSetting: ${key} is a setting of the whole load balancer; set it on SharedBalancer edge/public, field ${of.field}.`;
  const dedicated = Object.fromEntries(Object.entries(of.dedicated).map(([path, one]) => [`balancer.${path}`, one]));
  return [key, value, { dedicated, pooled: { 'remarks.0': remark } }];
}

function everyPort(changed: Changed): Changed {
  return Object.fromEntries(
    Object.entries(changed).flatMap(([path, value]) => [
      [`rules.0.${path}`, value],
      [`rules.1.${path}`, value],
    ]),
  );
}

function timeout(name: string, field: string): Row {
  const others = { clientData: 50_000, memberConnect: 5_000, memberData: 50_000, tcpInspect: 0, [field]: 7_000 };
  const changed = Object.entries(others).map(([one, value]) => [`rules.0.timeouts.${one}`, value]);
  return both(`${occm}/${name}`, '7000', Object.fromEntries(changed));
}

const alone = (key: string): string =>
  `UnsupportedValue: Annotation ${key}: a Service with a load balancer of its own shares none. Take the annotation off, or make the Service again with loadBalancerClass: octopool.dev/shared.`;

const table: readonly Row[] = [
  [
    'octopool.dev/listeners',
    'http',
    {
      dedicated: { problem: alone('octopool.dev/listeners'), fault: alone('octopool.dev/listeners') },
      pooled: {
        problem:
          'Invalid: Annotation octopool.dev/listeners: it says on which listeners octopool.dev/hostnames are served, and there are none. Add them, or take it off.',
      },
    },
  ],
  refused('octopool.dev/https-redirect', '308', 'it needs TLS, which is not served yet. Take the annotation off.'),
  both(
    'octopool.dev/target-type',
    'PodIP',
    everyPort({ 'pool.backends.0.target.type': 'PodIP', 'pool.backends.0.target.pods': '[]' }),
  ),
  both('octopool.dev/drain-timeout', '1m30s', everyPort({ 'pool.drainTimeout': 90_000 })),
  both('octopool.dev/paused', 'true', { 'switches.paused': true }),
  // as a block of YAML writes it
  both('octopool.dev/paused', 'true\n', { 'switches.paused': true }),
  both('octopool.dev/allow-disruptive', 'true', { 'switches.allowDisruptive': true }),
  [internal, 'true', { dedicated: { 'balancer.network.floatingIP.mode': 'None' }, pooled: { 'reach.internal': true } }],
  wide('floating-network-id', id, {
    field: 'network.floatingIP.network',
    dedicated: { 'network.floatingIP.network.id': id },
  }),
  wide('floating-subnet-id', id, {
    field: 'network.floatingIP.subnet',
    dedicated: { 'network.floatingIP.subnet.id': id },
  }),
  wide('floating-subnet', '!public-*', {
    field: 'network.floatingIP.subnet',
    dedicated: {
      'network.floatingIP.subnet.name.not': true,
      'network.floatingIP.subnet.name.kind': 'glob',
      'network.floatingIP.subnet.name.text': 'public-*',
    },
  }),
  wide('floating-subnet-tags', '&gold,eu', {
    field: 'network.floatingIP.subnet',
    dedicated: {
      'network.floatingIP.subnet.tags.not': false,
      'network.floatingIP.subnet.tags.match': 'all',
      'network.floatingIP.subnet.tags.tags.0': 'gold',
      'network.floatingIP.subnet.tags.tags.1': 'eu',
    },
  }),
  refused(
    `${occm}/class`,
    'internal',
    'a class section of a configuration file does not exist here. Name a SharedBalancer instead of a class section, by octopool.dev/balancer.',
  ),
  wide('subnet-id', id, { field: 'placement.vip', dedicated: { 'placement.vip.subnet.id': id } }),
  wide('network-id', id, { field: 'placement.vip', dedicated: { 'placement.vip.network.id': id } }),
  wide('port-id', id, { field: 'placement.vip', dedicated: { 'placement.vip.port.id': id } }),
  wide('member-subnet-id', id, { field: 'network.memberSubnet', dedicated: { 'network.memberSubnet.id': id } }),
  wide('keep-floatingip', 'true', {
    field: 'network.floatingIP.reclaimPolicy',
    dedicated: { 'network.floatingIP.reclaimPolicy': 'Retain' },
  }),
  both(`${occm}/connection-limit`, '1000', everyPort({ connectionLimit: 1000 })),
  both(`${occm}/lb-method`, 'LEAST_CONNECTIONS', everyPort({ 'pool.algorithm': 'LeastConnections' })),
  both(`${occm}/proxy-protocol`, 'true', { 'rules.0.pool.protocol': 'PROXY' }),
  both(`${occm}/x-forwarded-for`, 'true', {
    'rules.0.pool.protocol': 'HTTP',
    'rules.0.http.insertHeaders.0': 'X-Forwarded-For',
  }),
  refused(
    `${occm}/default-tls-container-ref`,
    'https://cloud/v1/secrets/1',
    'it could name any secret of the project, and TLS that ends at the load balancer is not served yet. Let the backend end it, or take the annotation off.',
  ),
  timeout('timeout-client-data', 'clientData'),
  timeout('timeout-member-connect', 'memberConnect'),
  timeout('timeout-member-data', 'memberData'),
  timeout('timeout-tcp-inspect', 'tcpInspect'),
  both(`${occm}/enable-health-monitor`, 'false', everyPort({ 'pool.monitor.type': 'None', ...noTiming() })),
  both(`${occm}/health-monitor-delay`, '10', everyPort({ 'pool.monitor.delay': 10_000 })),
  both(`${occm}/health-monitor-timeout`, '2', everyPort({ 'pool.monitor.timeout': 2_000 })),
  both(`${occm}/health-monitor-max-retries`, '4', everyPort({ 'pool.monitor.maxRetries': 4 })),
  both(`${occm}/health-monitor-max-retries-down`, '5', everyPort({ 'pool.monitor.maxRetriesDown': 5 })),
  wide('flavor-id', id, { field: 'placement.flavor', dedicated: { 'placement.flavor.id': id } }),
  wide('availability-zone', 'az1', {
    field: 'placement.availabilityZone',
    dedicated: { 'placement.availabilityZone': 'az1' },
  }),
  // what it changes is the status alone
  both(`${occm}/hostname`, 'web.example.com', {}),
  both(`${occm}/hostname`, '203.0.113.10.nip.io', {}),
  both(`${occm}/load-balancer-address`, '192.0.2.1', {}),
  refused(
    `${occm}/load-balancer-id`,
    id,
    `the Service is not served by load balancer ${id}, and one that exists is not taken over yet. Take the annotation off, or name a SharedBalancer by octopool.dev/balancer.`,
  ),
  both(`${occm}/node-selector`, 'edge=yes, ssd', everyPort({ 'pool.nodes.0': 'n2' })),
  both(ranges, '192.0.2.0/24', everyPort({ 'allowedCidrs.0': '192.0.2.0/24' })),
];

function noTiming(): Changed {
  const gone = ['delay', 'timeout', 'maxRetries', 'maxRetriesDown'];
  return Object.fromEntries(gone.map((field) => [`pool.monitor.${field}`, undefined]));
}

const rows = table.flatMap(([key, value, of]) =>
  (['dedicated', 'pooled'] as const).map((column) => [key, value, column, of[column]] as const),
);

test.each(rows)('%s: %j on a %s Service', (key, value, column, expected) => {
  const without = became(column, { annotations: {} });
  const changed = changes(without, became(column, { annotations: { [key]: value } }));
  expect(definite(changed)).toEqual(definite({ ...expected }));
});

/** An empty list that got its first entry is no change of its own. */
function definite(changed: Changed): Changed {
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
}

test('every annotation that is read has its row, or a test of its own', () => {
  const covered = new Set([...table.map(([key]) => key), 'octopool.dev/hostnames']);
  expect(annotationKeys.filter((key) => !covered.has(key))).toEqual([]);
});
