import type { ServiceStatus } from '../model/report.ts';
import type { PlainServiceObject } from '../model/snapshot.ts';
import { published } from './published.ts';
import type { ToldInput } from './route-status.ts';
import { serviceConditions } from './service-conditions.ts';

/** What is ours of a Service's status: the addresses that reach it, and four conditions. */
export function serviceStatus(route: PlainServiceObject, input: ToldInput): ServiceStatus {
  const conditions = serviceConditions(route, input);
  // the API server keeps addresses on this type alone
  if (route.service.type !== 'LoadBalancer') return { conditions };
  return { conditions, loadBalancer: { ingress: published(route, input) } };
}
