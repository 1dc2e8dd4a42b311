import { z } from 'zod';
import { routeReferenceSchema, type ServiceRouteSpec, serviceRouteSpecSchema } from '../api/v1alpha1/service-route.ts';
import type { Action } from '../api/v1alpha1/http-action.ts';
import type { Match } from '../api/v1alpha1/http-match.ts';
import { balancerName } from '../core/model/brand.ts';
import type {
  ActionSpec,
  BackendSpec,
  FieldMatchSpec,
  HttpRouteSpec,
  L4RouteSpec,
  MatchSpec,
  RouteSpec,
} from '../core/model/route-spec.ts';
import type { RecordedClaim, ServiceRouteObject } from '../core/model/snapshot.ts';
import type { AttachedRecord } from './attached-record.ts';
import { canonicalCidrs } from './cidr.ts';
import { type KubeObject, keyOf } from './kube-object.ts';
import { instant, invalidSpec, ownMeta, recordedConditions, statusField, statusText, switches } from './own-record.ts';
import { backendPolicy, listenerTimeouts } from './policy-record.ts';

export function routeRecord(object: KubeObject): AttachedRecord<ServiceRouteObject> {
  const meta = ownMeta(object);
  const given = object['spec'] ?? {};
  const reference = routeReferenceSchema.safeParse(given);
  const { name = '', namespace = meta.namespace } = reference.success ? reference.data.balancerRef : {};
  const read = serviceRouteSpecSchema.safeParse(given);
  const spec = read.success ? routeSpec(read.data) : invalidSpec(read.error);
  const status = object['status'] ?? {};
  return {
    key: keyOf(object),
    namespace: meta.namespace,
    balancer: balancerName(namespace, name),
    services: new Set('invalid' in spec ? [] : backendsOf(spec).map((backend) => backend.service)),
    deleting: object.metadata.deletionTimestamp !== undefined,
    route: {
      kind: 'ServiceRoute',
      meta,
      switches: switches(object),
      spec,
      status: {
        claims: recordedClaims(status),
        address: statusText(status, 'address'),
        conditions: recordedConditions(status),
        raw: status,
      },
    },
  };
}

function routeSpec(given: ServiceRouteSpec): RouteSpec {
  const policy = backendPolicy(given.backendPolicy ?? {});
  if (given.http !== undefined) return { protocol: httpSpec(given.http), backendPolicy: policy };
  if (given.l4 !== undefined) return { protocol: l4Spec(given.l4), backendPolicy: policy };
  throw new TypeError('the schema let pass a route with neither http nor l4');
}

function httpSpec({ listeners, hostnames, rules }: NonNullable<ServiceRouteSpec['http']>): HttpRouteSpec {
  return {
    kind: 'http',
    listeners,
    hostnames,
    rules: rules.map((rule) => ({
      name: rule.name,
      matches: rule.matches.map(matchSpec),
      action: actionSpec(rule.action),
      backendPolicy: backendPolicy(rule.backendPolicy ?? {}),
    })),
  };
}

function matchSpec({ path, headers, cookies, fileTypes }: Match): MatchSpec {
  return { path, headers: headers.map(fieldMatch), cookies: cookies.map(fieldMatch), fileTypes };
}

function fieldMatch({ name, type, value, invert }: Match['headers'][number]): FieldMatchSpec {
  return { name, type, value, invert };
}

function actionSpec({ type, backends, redirect }: Action): ActionSpec {
  switch (type) {
    case 'Forward':
      return { type, backends: backends ?? unread('backends') };
    case 'Redirect': {
      const { url, prefix, code } = redirect ?? unread('redirect');
      if (url !== undefined) return { type, url, code };
      return { type, prefix: prefix ?? unread('redirect.prefix'), code };
    }
    case 'Reject':
      return { type };
  }
}

function l4Spec(given: NonNullable<ServiceRouteSpec['l4']>): L4RouteSpec {
  const { port, protocol, sourceRanges, connectionLimit, timeouts, backends } = given;
  return {
    kind: 'l4',
    port,
    protocol,
    sourceRanges: canonicalCidrs(sourceRanges),
    connectionLimit,
    timeouts: timeouts === undefined ? undefined : listenerTimeouts(timeouts),
    backends,
  };
}

/** The schema demands the field, but its type cannot say so. */
function unread(field: string): never {
  throw new TypeError(`the schema let pass an action without ${field}`);
}

function backendsOf({ protocol }: RouteSpec): readonly BackendSpec[] {
  if (protocol.kind === 'l4') return protocol.backends;
  return protocol.rules.flatMap(({ action }) => (action.type === 'Forward' ? action.backends : []));
}

const claimSchema = z.object({
  type: z.enum(['Hostname', 'Port']),
  value: z.string(),
  listeners: z.array(z.string()).default([]),
  state: z.enum(['Held', 'Waiting']),
  since: z.string().transform(instant),
});

/** Evidence of who was first; a claim that is not as we write it is none. */
function recordedClaims(status: unknown): readonly RecordedClaim[] {
  const claims = statusField(status, 'claims');
  if (!Array.isArray(claims)) return [];
  return claims.flatMap((claim) => claimSchema.safeParse(claim).data ?? []);
}
