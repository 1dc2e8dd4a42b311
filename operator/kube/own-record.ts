import type { z } from 'zod';
import type { Instant, Uid } from '../core/model/brand.ts';
import type { Problem } from '../core/model/reason.ts';
import type { Condition, ObjectMeta, Switches } from '../core/model/snapshot.ts';
import type { CloudRef } from '../core/model/terms.ts';
import type { CloudReference } from '../api/v1alpha1/cloud-ref.ts';
import type { KubeObject } from './kube-object.ts';

/** What the records of both kinds of our own are made of. */

export function ownMeta({ metadata }: KubeObject): ObjectMeta {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid as Uid,
    generation: metadata.generation ?? 0,
    createdAt: instant(metadata.creationTimestamp),
  };
}

/** Annotations that hold work back, or let more of it through. */
export function switches({ metadata }: KubeObject): Switches {
  const { annotations = {} } = metadata;
  return {
    paused: annotations['octopool.dev/paused']?.trim() === 'true',
    allowDisruptive: annotations['octopool.dev/allow-disruptive']?.trim() === 'true',
  };
}

export function instant(rfc3339: string): Instant {
  return Date.parse(rfc3339) as Instant;
}

/** The first fault that the schema found, as its owner reads it. Objects that the API server has checked have none. */
export function invalidSpec({ issues }: z.ZodError): { readonly invalid: Problem } {
  const [first] = issues;
  const path = ['spec', ...(first?.path ?? [])].join('.');
  return {
    invalid: {
      reason: 'Invalid',
      message: `${path}: ${first?.message ?? 'not as the schema says'}. Correct the object.`,
    },
  };
}

export function cloudReference(ref: CloudReference | undefined): CloudRef | undefined {
  if (ref?.id !== undefined) return { id: ref.id };
  return ref?.name === undefined ? undefined : { name: ref.name };
}

/** A status is ours or nobody's: what is not as we write it counts as never written. */
export function statusField(status: unknown, name: string): unknown {
  return typeof status === 'object' && status !== null ? Reflect.get(status, name) : undefined;
}

export function statusText(status: unknown, name: string): string | undefined {
  const value = statusField(status, name);
  return typeof value === 'string' ? value : undefined;
}

export function recordedConditions(status: unknown): readonly Condition[] {
  const conditions = statusField(status, 'conditions');
  return Array.isArray(conditions) ? (conditions as readonly Condition[]) : [];
}
