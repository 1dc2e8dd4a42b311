import type { Problem } from '../model/reason.ts';
import type { Algorithm, ProxyProtocol, TargetType } from '../model/route-spec.ts';
import type { Labels } from '../model/terms.ts';
import {
  anything,
  dnsName,
  duration,
  flag,
  type Form,
  labels,
  limit,
  list,
  name,
  namePattern,
  tagPattern,
  uuid,
  whole,
  words,
} from './annotation-forms.ts';

export const internalKey = 'service.beta.kubernetes.io/openstack-internal-load-balancer';

const seconds = whole(1, 3600, 'seconds');
const times = whole(1, 10, '');
const milliseconds = whole(1, 2_073_600_000, 'milliseconds');
const methods: Form<Algorithm> = {
  ...words<Algorithm>({ ROUND_ROBIN: 'RoundRobin', LEAST_CONNECTIONS: 'LeastConnections', SOURCE_IP: 'SourceIP' }),
  unsupported: true,
};

/** Every annotation that says something about a Service of ours, and how it is written. */
const forms = {
  'octopool.dev/hostnames': list('DNS names', 16),
  'octopool.dev/listeners': list('names of listeners', 32),
  'octopool.dev/https-redirect': anything,
  'octopool.dev/target-type': words<TargetType>({ NodePort: 'NodePort', PodIP: 'PodIP' }),
  'octopool.dev/drain-timeout': duration(3_600_000, '1h'),
  'octopool.dev/paused': flag,
  'octopool.dev/allow-disruptive': flag,
  [internalKey]: flag,
  'loadbalancer.openstack.org/floating-network-id': uuid,
  'loadbalancer.openstack.org/floating-subnet-id': uuid,
  'loadbalancer.openstack.org/floating-subnet': namePattern,
  'loadbalancer.openstack.org/floating-subnet-tags': tagPattern,
  'loadbalancer.openstack.org/class': anything,
  'loadbalancer.openstack.org/subnet-id': uuid,
  'loadbalancer.openstack.org/network-id': uuid,
  'loadbalancer.openstack.org/port-id': uuid,
  'loadbalancer.openstack.org/member-subnet-id': uuid,
  'loadbalancer.openstack.org/keep-floatingip': flag,
  'loadbalancer.openstack.org/connection-limit': limit,
  'loadbalancer.openstack.org/lb-method': methods,
  'loadbalancer.openstack.org/proxy-protocol': words<ProxyProtocol>({ true: 'V1', v1: 'V1', v2: 'V2', false: 'None' }),
  'loadbalancer.openstack.org/x-forwarded-for': flag,
  'loadbalancer.openstack.org/default-tls-container-ref': anything,
  'loadbalancer.openstack.org/timeout-client-data': milliseconds,
  'loadbalancer.openstack.org/timeout-member-connect': milliseconds,
  'loadbalancer.openstack.org/timeout-member-data': milliseconds,
  'loadbalancer.openstack.org/timeout-tcp-inspect': whole(0, 2_073_600_000, 'milliseconds'),
  'loadbalancer.openstack.org/enable-health-monitor': flag,
  'loadbalancer.openstack.org/health-monitor-delay': seconds,
  'loadbalancer.openstack.org/health-monitor-timeout': seconds,
  'loadbalancer.openstack.org/health-monitor-max-retries': times,
  'loadbalancer.openstack.org/health-monitor-max-retries-down': times,
  'loadbalancer.openstack.org/flavor-id': uuid,
  'loadbalancer.openstack.org/availability-zone': name,
  'loadbalancer.openstack.org/hostname': dnsName,
  'loadbalancer.openstack.org/load-balancer-id': uuid,
  'loadbalancer.openstack.org/node-selector': labels,
} as const satisfies Readonly<Record<string, Form<unknown>>>;

export type AnnotationKey = keyof typeof forms;
export const annotationKeys = Object.keys(forms) as readonly AnnotationKey[];
type ValueOf<Key extends AnnotationKey> = (typeof forms)[Key] extends Form<infer Value> ? Value : never;

/** What an annotation says; undefined: nothing, or nothing that can be read. */
export function said<Key extends AnnotationKey>(annotations: Labels, key: Key): ValueOf<Key> | undefined {
  const text = annotations[key];
  return text === undefined ? undefined : (forms[key].read(text.trim()) as ValueOf<Key> | undefined);
}

/** The first annotation whose value is none: never ignored, for nobody knows what its author meant. */
export function badAnnotation(annotations: Labels): Problem | undefined {
  for (const [key, form] of Object.entries(forms)) {
    const text = annotations[key];
    if (text === undefined || form.read(text.trim()) !== undefined) continue;
    return {
      reason: 'unsupported' in form ? 'UnsupportedValue' : 'Invalid',
      message: `Annotation ${key}: ${JSON.stringify(text.slice(0, 128))} is not understood. Write ${form.shape}.`,
    };
  }
  return undefined;
}
