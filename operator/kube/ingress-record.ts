import type { IngressBackend, IngressSpec } from '../core/model/ingress-spec.ts';
import type { IngressObject } from '../core/model/snapshot.ts';
import { fieldManagers } from './field-managers.ts';
import { foreignStatus } from './foreign-status.ts';
import type { KubeObject } from './kube-object.ts';
import { ownMeta, switches } from './own-record.ts';

/** An Ingress and by what it is found. */
export interface IngressRecord {
  readonly deleting: boolean;
  /** Some of its status was written by us. */
  readonly told: boolean;
  readonly ingress: IngressObject;
}

/** networking.k8s.io/v1 Ingress → what is served of it. */
export function ingressRecord(object: KubeObject): IngressRecord {
  const { deletionTimestamp, annotations = {}, managedFields = [] } = object.metadata;
  const { conditions, ingress, raw } = foreignStatus(object, 'has');
  return {
    deleting: deletionTimestamp !== undefined,
    told: managedFields.some(
      ({ manager, subresource }) => manager === fieldManagers.Ingress && subresource === 'status',
    ),
    ingress: {
      kind: 'Ingress',
      meta: ownMeta(object),
      switches: switches(object),
      status: { claims: [], address: ingress[0]?.ip, conditions, raw },
      ingress: ingressSpec(object['spec'] ?? {}, annotations),
      recordedIngress: ingress,
    },
  };
}

function ingressSpec(given: GivenSpec, annotations: Readonly<Record<string, string>>): IngressSpec {
  const { ingressClassName, defaultBackend, rules = [], tls = [] } = given;
  return {
    className: ingressClassName,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([name]) => isRead(name))),
    defaultBackend: defaultBackend === undefined ? undefined : backend(defaultBackend),
    rules: rules.map(({ host, http }) => ({
      host: host === undefined || host === '' ? undefined : host.toLowerCase(),
      paths: (http?.paths ?? []).map((one) => ({
        path: one.path ?? '/',
        pathType: one.pathType,
        backend: backend(one.backend),
      })),
    })),
    tls: tls.map(({ hosts = [], secretName }) => ({ hosts: hosts.map((host) => host.toLowerCase()), secretName })),
  };
}

function isRead(annotation: string): boolean {
  return annotation.startsWith('octopool.dev/') || annotation.startsWith('octavia.ingress.kubernetes.io/');
}

function backend({ service, resource }: GivenBackend): IngressBackend {
  if (service !== undefined)
    return { kind: 'service', service: service.name, port: service.port?.name ?? service.port?.number ?? 0 };
  return { kind: 'resource', what: `${resource?.kind ?? ''} ${resource?.name ?? ''}`.trim() };
}

/** networking.k8s.io/v1 IngressSpec, as far as it is read; the API server has checked it. */
interface GivenSpec {
  readonly ingressClassName?: string;
  readonly defaultBackend?: GivenBackend;
  readonly rules?: readonly {
    readonly host?: string;
    readonly http?: {
      readonly paths: readonly {
        readonly path?: string;
        readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
        readonly backend: GivenBackend;
      }[];
    };
  }[];
  readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
}

interface GivenBackend {
  readonly service?: { readonly name: string; readonly port?: { readonly name?: string; readonly number?: number } };
  readonly resource?: { readonly kind: string; readonly name: string };
}
