import { expect, test } from '@jest/globals';
import { balancerSpec, httpListener } from './core-fixtures.ts';
import { changes } from './flat.ts';
import { became, type Column } from './service-intents.ts';

const occm = 'loadbalancer.openstack.org';
const internal = 'service.beta.kubernetes.io/openstack-internal-load-balancer';
const id = '5a2e0f7e-2f0a-4c58-9a51-0d6c3d1c9b11';

const bad: readonly (readonly [key: string, value: string, problem: string])[] = [
  ['octopool.dev/hostnames', 'a.example.com,,b.example.com', 'Write a comma-separated list of 1 to 16 DNS names.'],
  ['octopool.dev/listeners', '', 'Write a comma-separated list of 1 to 32 names of listeners.'],
  ['octopool.dev/target-type', 'Pod', 'Write "NodePort" or "PodIP".'],
  ['octopool.dev/drain-timeout', '2h', 'Write a duration from 0s to 1h, such as 45s or 1m30s.'],
  ['octopool.dev/paused', 'yes', 'Write "true" or "false".'],
  ['octopool.dev/allow-disruptive', '1', 'Write "true" or "false".'],
  [internal, 'True', 'Write "true" or "false".'],
  [`${occm}/floating-network-id`, 'public', 'Write a UUID, as the cloud shows it.'],
  [
    `${occm}/floating-subnet`,
    '~(a*)*',
    'Write a name in which * and ? stand for others, or ~ and a regular expression of at most two repetitions; with ! before it, for what does not match.',
  ],
  [
    `${occm}/floating-subnet`,
    '~a*b*c*',
    'Write a name in which * and ? stand for others, or ~ and a regular expression of at most two repetitions; with ! before it, for what does not match.',
  ],
  [
    `${occm}/floating-subnet-tags`,
    '!',
    'Write a comma-separated list of tags; with & before it, all are needed; with ! first of all, they must be missing.',
  ],
  [`${occm}/connection-limit`, '0', 'Write -1 for no limit, or a whole number of at least 1.'],
  [`${occm}/keep-floatingip`, 'keep', 'Write "true" or "false".'],
  [`${occm}/proxy-protocol`, 'v3', 'Write "true", "v1", "v2" or "false".'],
  [`${occm}/x-forwarded-for`, 'on', 'Write "true" or "false".'],
  [`${occm}/timeout-client-data`, '50s', 'Write a whole number from 1 to 2073600000 (milliseconds).'],
  [`${occm}/enable-health-monitor`, 'no', 'Write "true" or "false".'],
  [`${occm}/health-monitor-delay`, '5s', 'Write a whole number from 1 to 3600 (seconds).'],
  [`${occm}/health-monitor-max-retries`, '11', 'Write a whole number from 1 to 10.'],
  [`${occm}/hostname`, 'Web.example.com', 'Write a DNS name in lower case.'],
  [`${occm}/hostname`, '192.0.2.1', 'Write a DNS name in lower case.'],
  [`${occm}/node-selector`, 'edge==yes', 'Write labels such as node-role=edge,ssd.'],
  [`${occm}/availability-zone`, '', 'Write a name of 1 to 255 characters.'],
];

test.each(bad)('%s: %j is Invalid, wherever the Service is served', (key, value, fix) => {
  const problem = `Invalid: Annotation ${key}: ${JSON.stringify(value)} is not understood. ${fix}`;
  expect(became('pooled', { annotations: { [key]: value } }).problem).toBe(problem);
  const { problem: told, fault } = became('dedicated', { annotations: { [key]: value } });
  expect([told, fault]).toEqual([problem, problem]);
});

test.each<[string, string, string]>([
  ['lb-method', 'SOURCE_IP_PORT', 'Write "ROUND_ROBIN", "LEAST_CONNECTIONS" or "SOURCE_IP".'],
])('%s: %s is what Octavia has and HAProxy does not', (name, value, fix) => {
  expect(became('pooled', { annotations: { [`${occm}/${name}`]: value } }).problem).toBe(
    `UnsupportedValue: Annotation ${occm}/${name}: "${value}" is not understood. ${fix}`,
  );
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'a probe may not last longer than the time between two',
    { [`${occm}/health-monitor-delay`]: '2', [`${occm}/health-monitor-timeout`]: '3' },
    `Invalid: Annotation ${occm}/health-monitor-timeout: it must not exceed ${occm}/health-monitor-delay. Lower one or raise the other.`,
  ],
  [
    'nor longer than the time that is usual between two, where none is said',
    { [`${occm}/health-monitor-timeout`]: '10' },
    `Invalid: Annotations ${occm}/health-monitor-timeout and ${occm}/health-monitor-delay: a probe must not last longer than the time between two, which is 5s where nobody says otherwise. Set both.`,
  ],
  [
    'behind a PROXY header there is no X-Forwarded-For',
    { [`${occm}/proxy-protocol`]: 'v2', [`${occm}/x-forwarded-for`]: 'true' },
    `UnsupportedValue: Annotations ${occm}/proxy-protocol and ${occm}/x-forwarded-for: Octavia sends no X-Forwarded-For behind a PROXY header. Take one of them off.`,
  ],
  [
    'a source range is a network',
    { 'service.beta.kubernetes.io/load-balancer-source-ranges': '192.0.2.0/24,office' },
    'Invalid: Annotation service.beta.kubernetes.io/load-balancer-source-ranges: "office" is no network. Write it as 192.0.2.0/24 or 2001:db8::/32.',
  ],
])('%s', (_, annotations, problem) => {
  const { problem: whole, rules } = became('pooled', { annotations });
  const ofPorts = rules.map(({ problem: one }) => `${one?.reason}: ${one?.message}`);
  expect(whole === undefined ? ofPorts : [whole]).toEqual(whole === undefined ? [problem, problem] : [problem]);
});

test.each(['field', 'annotation'])('of source ranges there may be 64, said by %s', (by) => {
  const ranges = Array.from({ length: 65 }, (_, at) => `192.0.2.${at}/32`);
  const given = (list: readonly string[]) =>
    by === 'field'
      ? { annotations: {}, spec: { loadBalancerSourceRanges: list } }
      : { annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': list.join(',') } };
  for (const column of ['dedicated', 'pooled'] as const) {
    expect(became(column, given(ranges.slice(1))).problem).toBeUndefined();
    expect(became(column, given(ranges)).problem).toBe(
      'Invalid: loadBalancerSourceRanges: 65 networks, at most 64 are possible. Draw neighbours together into wider ones.',
    );
  }
});

test('an address that is none is told', () => {
  for (const column of ['dedicated', 'pooled'] as const)
    expect(became(column, { annotations: {}, spec: { loadBalancerIP: 'ten' } }).problem).toBe(
      'Invalid: spec.loadBalancerIP: "ten" is no IP address. Correct it, or leave it out.',
    );
});

const asBalancer = {
  placement: {
    ...balancerSpec.placement,
    flavor: { id },
    availabilityZone: 'az1',
    vip: { subnet: { id } },
  },
  network: {
    ...balancerSpec.network,
    memberSubnet: { id },
    floatingIP: {
      ...balancerSpec.network.floatingIP,
      mode: 'None' as const,
      network: { id },
      subnet: { id },
      reclaimPolicy: 'Retain' as const,
    },
  },
};

test.each([
  ['floating-network-id', id],
  ['floating-subnet-id', id],
  ['subnet-id', id],
  ['member-subnet-id', id],
  ['keep-floatingip', 'true'],
  ['flavor-id', id],
  ['availability-zone', 'az1'],
])('%s is no remark where the balancer is so already', (name, value) => {
  expect(became('pooled', { annotations: { [`${occm}/${name}`]: value }, shared: asBalancer }).remarks).toEqual([]);
});

test('the id of the load balancer that serves it is no problem', () => {
  const annotations = { [`${occm}/load-balancer-id`]: id };
  expect(became('pooled', { annotations, loadBalancerID: id }).problem).toBeUndefined();
});

test('to be public is a remark on an internal balancer', () => {
  expect(became('pooled', { annotations: { [internal]: 'false' }, shared: asBalancer }).remarks).toEqual([
    `LoadBalancerWideSetting: ${internal} is a setting of the whole load balancer; set it on SharedBalancer edge/public, field network.floatingIP.mode.`,
  ]);
  expect(became('pooled', { annotations: { [internal]: 'false' } }).remarks).toEqual([]);
});

test.each<[string, Column, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>]>([
  ['public: that floating IP', 'dedicated', {}, existing('198.51.100.9')],
  [
    'internal: the VIP, in the subnet of the nodes',
    'dedicated',
    { [internal]: 'true' },
    { 'balancer.placement.vip.beside': 'nodes', 'balancer.placement.vip.address': '198.51.100.9' },
  ],
  [
    'internal in a subnet: the VIP there',
    'dedicated',
    { [internal]: 'true', [`${occm}/subnet-id`]: id },
    { 'balancer.placement.vip.address': '198.51.100.9' },
  ],
  ['shared: one of the balancer', 'pooled', {}, { 'reach.address': '198.51.100.9' }],
])('loadBalancerIP, %s', (_, column, annotations, expected) => {
  const without = became(column, { annotations });
  const spec = { loadBalancerIP: '198.51.100.9' };
  expect(changes(without, became(column, { annotations, spec }))).toEqual(expected);
});

function existing(address: string): Readonly<Record<string, unknown>> {
  return { 'balancer.network.floatingIP.mode': 'Existing', 'balancer.network.floatingIP.address': address };
}

test('timings change the monitor that Local asks the nodes by; a monitor comes back where the balancer has none by default', () => {
  const local = { externalTrafficPolicy: 'Local', healthCheckNodePort: 32_000 };
  const delay = { [`${occm}/health-monitor-delay`]: '9' };
  const [rule] = became('pooled', { annotations: delay, spec: local }).rules;
  expect(rule?.kind === 'l4' ? rule.pool.monitor : undefined).toEqual({
    type: 'HTTP',
    path: '/healthz',
    method: 'GET',
    version: '1.0',
    host: undefined,
    expectedCodes: '200',
    delay: 9_000,
    timeout: 3_000,
    maxRetries: 1,
    maxRetriesDown: 3,
  });
  const shared = { defaults: { healthMonitor: { type: 'None' } } } as const;
  const on = { [`${occm}/enable-health-monitor`]: 'true' };
  const [back] = became('pooled', { annotations: on, shared }).rules;
  expect(back?.kind === 'l4' ? back.pool.monitor.type : undefined).toBe('TCP');
});

test('sessions by node ports, and for how long, are told to be less than they say', () => {
  const sticky = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } };
  const onNodes =
    'UnsupportedValue: spec.sessionAffinity: by node ports every node sees the load balancer as its one client, and sends all to one Pod. Annotate the Service with octopool.dev/target-type: PodIP.';
  const howLong =
    'UnsupportedValue: spec.sessionAffinityConfig.clientIP.timeoutSeconds: Octavia has it for UDP and SCTP only; TCP clients stay as long as HAProxy knows them. Leave it out.';
  expect(became('pooled', { annotations: {}, spec: sticky }).remarks).toEqual([onNodes, howLong]);
  const onPods = { 'octopool.dev/target-type': 'PodIP' };
  expect(became('dedicated', { annotations: onPods, spec: { sessionAffinity: 'ClientIP' } }).remarks).toEqual([]);
});

const hostnames = { 'octopool.dev/hostnames': 'web.team-a.example.com,www.team-a.example.com' };

test('hostnames make one rule on the listeners, by the port that speaks HTTP', () => {
  const { problem, rules } = became('pooled', {
    annotations: { ...hostnames, 'octopool.dev/listeners': 'http' },
    shared: { listeners: [httpListener('alt', 8080), httpListener('http', 80)] },
  });
  const found = rules.map((rule) =>
    rule.kind === 'http' && rule.action.type === 'Forward'
      ? [
          rule.name,
          rule.listeners,
          rule.hostnames,
          rule.matches,
          rule.action.pool.backends.map(({ port }) => port),
          rule.problem,
        ]
      : rule.kind,
  );
  const all = [{ path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] }];
  expect([problem, found]).toEqual([
    undefined,
    [['http', ['http'], ['web.team-a.example.com', 'www.team-a.example.com'], all, [80], undefined]],
  ]);
});

test.each<[string, Readonly<Record<string, string>>, object, string]>([
  [
    'several ports, none of which says that it speaks HTTP',
    {},
    { ports: ['a', 'b'].map((name, at) => ({ name, port: 80 + at, nodePort: 30_080 + at })) },
    'Invalid: Annotation octopool.dev/hostnames: the Service has several ports and none says that it speaks HTTP. Give one appProtocol: http, or the name http.',
  ],
  [
    'a port that has no HTTP',
    {},
    { ports: [{ port: 53, protocol: 'UDP', nodePort: 30_053 }] },
    'UnsupportedValue: Annotation octopool.dev/hostnames: HTTP is not spoken over UDP. Use a TCP port, or take it off.',
  ],
  [
    'source ranges',
    {},
    { loadBalancerSourceRanges: ['192.0.2.0/24'] },
    'UnsupportedValue: loadBalancerSourceRanges: with octopool.dev/hostnames the listener is shared, and cannot be as one Service wants it. Take one of the two off.',
  ],
  [
    'a limit of connections',
    { [`${occm}/connection-limit`]: '5' },
    {},
    `UnsupportedValue: ${occm}/connection-limit: with octopool.dev/hostnames the listener is shared, and cannot be as one Service wants it. Take one of the two off.`,
  ],
])('hostnames do not go with %s', (_, annotations, spec, problem) => {
  expect(became('pooled', { annotations: { ...hostnames, ...annotations }, spec: { ...spec } }).problem).toBe(problem);
});

test('hostnames need listeners to share, that add X-Forwarded-For where it is asked for', () => {
  expect(became('dedicated', { annotations: hostnames }).fault).toBe(
    'UnsupportedValue: Annotation octopool.dev/hostnames: a Service with a load balancer of its own shares none. Take the annotation off, or make the Service again with loadBalancerClass: octopool.dev/shared.',
  );
  const annotations = { ...hostnames, [`${occm}/x-forwarded-for`]: 'true' };
  expect(became('pooled', { annotations }).problem).toBeUndefined();
  const bare = { listeners: [{ ...httpListener('http', 80), insertHeaders: [] }] };
  expect(became('pooled', { annotations, shared: bare }).problem).toBe(
    `UnsupportedValue: Annotation ${occm}/x-forwarded-for: listener http of the balancer adds no X-Forwarded-For. Ask the platform team, or name other listeners by octopool.dev/listeners.`,
  );
  const elsewhere = { ...hostnames, 'octopool.dev/listeners': 'https' };
  expect(became('pooled', { annotations: elsewhere }).rules[0]?.problem?.message).toBe(
    'The balancer has no HTTP listener https. Correct octopool.dev/listeners, or leave it out for all of them.',
  );
});

test('a load balancer of its own refuses the name of one to share', () => {
  expect(became('dedicated', { annotations: { 'octopool.dev/balancer': 'edge/public' } }).fault).toBe(
    'UnsupportedValue: Annotation octopool.dev/balancer: a Service with a load balancer of its own shares none. Take the annotation off, or make the Service again with loadBalancerClass: octopool.dev/shared.',
  );
});
