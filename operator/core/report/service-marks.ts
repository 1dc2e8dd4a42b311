import { type BalancerName, type Instant, type ObjectName, objectName } from '../model/brand.ts';
import { ownPrefix } from '../model/foreign-words.ts';
import type { Problem } from '../model/reason.ts';
import type { EventNote, Report, ServiceStatus } from '../model/report.ts';
import type { PlainServiceObject } from '../model/snapshot.ts';
import { toConditions } from './conditions.ts';
import { note } from './events.ts';

/** The sign by which a Service is known for ours, before anything is made for it. */
export function markOf(balancer: BalancerName, subject: PlainServiceObject, now: Instant): Report {
  const { meta, service } = subject;
  const message = 'Its load balancer is being looked for, or made.';
  const conditions = toConditions({
    sayings: [{ type: `${ownPrefix}Accepted`, status: 'Unknown', reason: 'Pending', message }],
    before: [],
    generation: meta.generation,
    now,
  });
  const loadBalancer = { ingress: [] };
  return serviceReport(
    balancer,
    { name: objectName(meta.namespace, meta.name), uid: meta.uid },
    service.type === 'LoadBalancer' ? { conditions, loadBalancer } : { conditions },
  );
}

/** Takes away all that we said of a Service. */
export function unmarked(balancer: BalancerName, name: ObjectName, { meta }: PlainServiceObject): Report {
  return serviceReport(balancer, { name, uid: meta.uid }, {});
}

function serviceReport(
  name: BalancerName,
  service: { readonly name: ObjectName; readonly uid: string },
  status: ServiceStatus,
): Report {
  return {
    name,
    balancer: undefined,
    routes: [{ ...service, kind: 'Service', status }],
    events: [],
    finalizer: undefined,
  };
}

export function foreignNote({ kind, meta }: PlainServiceObject, { reason, message }: Problem): EventNote {
  return note({ kind, meta }, { type: 'Warning', reason, message });
}
