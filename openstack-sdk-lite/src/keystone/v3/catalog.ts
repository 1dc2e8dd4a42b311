import { z } from 'zod';
import type { EndpointInterface } from '../../config/credentials.ts';
import { OpenStackError } from '../../transport/errors.ts';

export type ServiceName = 'octavia' | 'neutron' | 'barbican';

/** Keystone's list of services, as it comes with a token. */
export const catalogSchema = z.array(
  z.object({
    type: z.string(),
    endpoints: z.array(
      z.object({
        interface: z.string(),
        url: z.string(),
        region_id: z.string().nullish(),
        region: z.string().nullish(),
      }),
    ),
  }),
);
export type Catalog = z.infer<typeof catalogSchema>;

export interface Wish {
  readonly service: ServiceName;
  /** undefined: the only region of the service. */
  readonly region: string | undefined;
  readonly interface: EndpointInterface;
}

/** Base URL of a service with its API version, without a slash at the end. Throws kind `catalog`, saying what the catalog has. */
export function endpointUrl(catalog: Catalog, wish: Wish): string {
  const { types, version, versionInUrl } = services[wish.service];
  const offered = catalog.filter((entry) => types.includes(entry.type)).flatMap((entry) => entry.endpoints);
  const ofInterface = offered.filter((one) => one.interface.replace(/URL$/, '') === wish.interface);
  const fitting = ofInterface.filter((one) => wish.region === undefined || regionOf(one) === wish.region);
  const regions = [...new Set(fitting.map(regionOf))];
  if (regions.length > 1) {
    throw missing(wish, `${types[0]} has endpoints in several regions (${regions.join(', ')}): name one`);
  }
  const [first] = fitting;
  if (first !== undefined) return first.url.replace(/\/+$/, '').replace(versionInUrl, '') + version;
  const where = wish.region === undefined ? 'any region' : `region ${wish.region}`;
  throw missing(
    wish,
    `no ${types[0]} endpoint in ${where} for interface ${wish.interface}; catalog has: ${contents(catalog)}`,
  );
}

interface Service {
  /** As catalogs name it; the first is the official one. */
  readonly types: readonly string[];
  readonly version: string;
  /** Some catalogs have it in the URL, some have not. */
  readonly versionInUrl: RegExp;
}

const services: Readonly<Record<ServiceName, Service>> = {
  octavia: { types: ['load-balancer', 'octavia', 'loadbalancer'], version: '/v2', versionInUrl: /\/v2(\.\d+)?$/ },
  neutron: { types: ['network', 'neutron'], version: '/v2.0', versionInUrl: /\/v2(\.\d+)?$/ },
  barbican: { types: ['key-manager', 'barbican', 'keystore'], version: '/v1', versionInUrl: /\/v1$/ },
};

function regionOf(endpoint: Catalog[number]['endpoints'][number]): string {
  return endpoint.region_id ?? endpoint.region ?? '';
}

function contents(catalog: Catalog): string {
  const lines = catalog.map(({ type, endpoints }) => {
    const places = new Set(endpoints.map((one) => `${regionOf(one)} ${one.interface}`));
    return `${type} (${[...places].toSorted().join(', ')})`;
  });
  return lines.toSorted().join('; ') || 'nothing';
}

function missing(wish: Wish, faultText: string): OpenStackError {
  return new OpenStackError({ kind: 'catalog', service: wish.service, faultText });
}
