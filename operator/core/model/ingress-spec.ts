import type { Labels } from './terms.ts';

/** networking.k8s.io/v1 IngressSpec, as far as it is served. */
export interface IngressSpec {
  readonly className: string | undefined;
  /** Its annotations with a prefix of ours or of Octavia's ingress controller. */
  readonly annotations: Labels;
  readonly defaultBackend: IngressBackend | undefined;
  /** Hosts as written, lower case; undefined: every host. */
  readonly rules: readonly { readonly host: string | undefined; readonly paths: readonly IngressPath[] }[];
  /** Hosts that must not be served in clear. Empty: every host of this Ingress. */
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secretName: string | undefined }[];
}

export interface IngressPath {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly backend: IngressBackend;
}

export type IngressBackend =
  | { readonly kind: 'service'; readonly service: string; readonly port: number | string }
  /** A backend that is no Service. */
  | { readonly kind: 'resource'; readonly what: string };
