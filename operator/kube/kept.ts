import type { KubeObject } from './kube-object.ts';
import type { ServiceEntry } from './service-entry.ts';

/** What stays in memory of an object. */
export interface Kept<Object> {
  readonly record: Object;
  /** Equal for two states between which nothing happened that a decision could see. */
  readonly footprint: string;
}

/** For objects of which everything that is kept matters: an hourly heartbeat or a foreign status leaves it equal. */
export function keptWhole<Object>(record: Object): Kept<Object> {
  return { record, footprint: JSON.stringify(record) };
}

/** For our own kinds: what their owner says. The status is written by us, and must not call us again. */
export function keptByOwner<Object>(record: Object, { metadata }: KubeObject): Kept<Object> {
  const { uid, generation, deletionTimestamp, labels, annotations } = metadata;
  return { record, footprint: JSON.stringify([uid, generation, deletionTimestamp, labels, annotations]) };
}

/** For Services: what answers behind them, and what their owner says; not the status that we write. */
export function keptEntry(record: ServiceEntry, { metadata }: KubeObject): Kept<ServiceEntry> {
  const { service, plain, place } = record;
  const said =
    plain === undefined
      ? []
      : [plain.service.finalizers, { ...plain.service, recordedIngress: [], recordedReachable: [] }, plain.switches];
  return { record, footprint: JSON.stringify([metadata.uid, service, place, said]) };
}
