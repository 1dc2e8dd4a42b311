import type { KubeObject } from './kube-object.ts';

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
