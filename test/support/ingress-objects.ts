import type { IngressBackend, IngressPath, IngressSpec } from '../../operator/core/model/ingress-spec.ts';
import type { IngressObject } from '../../operator/core/model/snapshot.ts';
import { instant, noSwitches, uidOf } from './core-fixtures.ts';

/** Small Ingresses for tests of the pure rooms. */

export interface IngressGiven extends Partial<IngressSpec> {
  readonly namespace?: string;
  readonly name?: string;
  readonly minute?: number;
  readonly recordedIngress?: IngressObject['recordedIngress'];
}

export function ingress(of: IngressGiven): IngressObject {
  const { namespace = 'a', name = 'web', minute = 1, recordedIngress = [], ...spec } = of;
  return {
    kind: 'Ingress',
    meta: { namespace, name, uid: uidOf(`${namespace}-${name}-ingress`), generation: 1, createdAt: instant(minute) },
    switches: noSwitches,
    status: {
      claims: [],
      address: recordedIngress[0]?.ip,
      conditions: [],
      raw: { loadBalancer: { ingress: recordedIngress } },
    },
    ingress: { className: 'shared', annotations: {}, defaultBackend: undefined, rules: [], tls: [], ...spec },
    recordedIngress,
  };
}

export function host(name: string | undefined, ...paths: readonly IngressPath[]): IngressSpec['rules'][number] {
  return { host: name, paths };
}

export function to(service: string): IngressBackend {
  return { kind: 'service', service, port: 80 };
}

export function prefix(path: string, service = 'shop'): IngressPath {
  return { path, pathType: 'Prefix', backend: to(service) };
}
