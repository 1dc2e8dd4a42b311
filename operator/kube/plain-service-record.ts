import type { Networks, PlainService } from '../core/model/plain-service.ts';
import type { PlainServiceObject } from '../core/model/snapshot.ts';
import { canonicalCidrs } from './cidr.ts';
import { foreignStatus } from './foreign-status.ts';
import { ipAddress } from './ip-address.ts';
import type { KubeObject } from './kube-object.ts';
import { instant, ownMeta, switches } from './own-record.ts';

/** v1 Service → what it says about how it is reached. */
export function plainServiceRecord(object: KubeObject): PlainServiceObject {
  const { deletionTimestamp, finalizers = [], annotations = {} } = object.metadata;
  const spec = (object['spec'] ?? {}) as ServiceSpec;
  const { type = 'ClusterIP', loadBalancerClass, loadBalancerIP, ipFamilies = ['IPv4'] } = spec;
  const { conditions, reachable, ingress, raw } = foreignStatus(object, type === 'LoadBalancer' ? 'has' : 'lacks');
  return {
    kind: 'Service',
    meta: ownMeta(object),
    switches: switches(object),
    status: { claims: [], address: ingress[0]?.ip, conditions, raw },
    service: {
      type,
      loadBalancerClass,
      annotations: Object.fromEntries(Object.entries(annotations).filter(([name]) => isRead(name))),
      sourceRanges: sourceRanges(spec.loadBalancerSourceRanges, annotations[sourceRangesAnnotation]),
      nodePortSources: networksOf(annotations['octopool.dev/node-port-sources']),
      loadBalancerIP: addressOf(loadBalancerIP),
      ipFamilies,
      deletedAt: deletionTimestamp === undefined ? undefined : instant(deletionTimestamp),
      finalizers,
      recordedIngress: ingress,
      recordedReachable: reachable,
    },
  };
}

const sourceRangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function isRead(annotation: string): boolean {
  return (
    annotation.startsWith('octopool.dev/') ||
    annotation.startsWith('loadbalancer.openstack.org/') ||
    annotation.startsWith('service.beta.kubernetes.io/')
  );
}

/** The field counts; the annotation is older. */
function sourceRanges(field: readonly string[] | undefined, annotation: string | undefined): Networks {
  if (field !== undefined && field.length > 0) return networks(field);
  return networksOf(annotation) ?? { cidrs: [] };
}

function networksOf(list: string | undefined): Networks | undefined {
  return list === undefined || list.trim() === '' ? undefined : networks(list.split(','));
}

function networks(texts: readonly string[]): Networks {
  const trimmed = texts.map((text) => text.trim());
  for (const text of trimmed) if (!isNetwork(text)) return { invalid: text };
  return { cidrs: canonicalCidrs(trimmed) };
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = ipAddress(address)?.includes(':') === true ? 128 : 32;
  return rest.length === 0 && ipAddress(address) !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= family;
}

function addressOf(text: string | undefined): PlainService['loadBalancerIP'] {
  if (text === undefined || text === '') return undefined;
  return ipAddress(text) ?? { invalid: text };
}

/** core/v1 ServiceSpec, as far as it is read here; the API server has checked it. */
interface ServiceSpec {
  readonly type?: PlainService['type'];
  readonly loadBalancerClass?: string;
  readonly loadBalancerIP?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly ipFamilies?: PlainService['ipFamilies'];
}
