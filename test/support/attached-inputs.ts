import type { BalancerName } from '../../operator/core/model/brand.ts';
import type { PlacePolicy } from '../../operator/core/model/plain-service.ts';
import { Attachments } from '../../operator/kube/attachments.ts';
import { ingressClassRecord } from '../../operator/kube/ingress-class-record.ts';
import { ingressRecord } from '../../operator/kube/ingress-record.ts';
import type { Kept } from '../../operator/kube/kept.ts';
import type { KubeObject } from '../../operator/kube/kube-object.ts';
import { routeRecord } from '../../operator/kube/route-record.ts';
import type { ServiceEntry } from '../../operator/kube/service-entry.ts';

/** Reads all objects of a kind, each by its record. */
export type ReadKind = <Record>(kind: string, recordOf: (object: KubeObject) => Record) => readonly Record[];

/** Flags of an operator that was told nothing about Services. */
export const ownClassesOnly: PlacePolicy = {
  classless: 'left',
  defaultBalancer: undefined,
  defaultInternalBalancer: undefined,
};

/** Who is attached to which balancer, as the operator's caches would know it. */
export function attachedInputs(
  read: ReadKind,
  services: readonly ServiceEntry[],
  defaultBalancer: BalancerName | undefined,
): Attachments {
  const attachments = new Attachments(defaultBalancer);
  feed(attachments.ofClasses, read('IngressClass', ingressClassRecord).map(kept));
  feed(attachments.ofRoutes, read('ServiceRoute', routeRecord).map(kept));
  feed(attachments.ofServices, services.map(kept));
  feed(attachments.ofIngresses, read('Ingress', ingressRecord).map(kept));
  return attachments;
}

/** Nobody compares these footprints; to write them out is a third of a long run. */
function kept<Record>(record: Record): Kept<Record> {
  return { record, footprint: '' };
}

/** Tells indexes of records that are all new. */
function feed<Record>(
  indexes: readonly { apply(change: { key: string; before: undefined; after: Record }): void }[],
  records: readonly Record[],
): void {
  for (const [at, after] of records.entries())
    for (const index of indexes) index.apply({ key: String(at), before: undefined, after });
}
