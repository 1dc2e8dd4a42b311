import { z } from 'zod';
import { nodePortReachable, ownPrefix } from '../core/model/foreign-words.ts';
import type { PlainService, RecordedIngress } from '../core/model/plain-service.ts';
import type { Condition } from '../core/model/snapshot.ts';
import type { KubeObject } from './kube-object.ts';

const conditionSchema = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.string(),
  observedGeneration: z.int().default(0),
});

const ingressSchema = z.object({
  ip: z.string().optional(),
  ipMode: z.enum(['VIP', 'Proxy']).optional(),
  hostname: z.string().optional(),
  ports: z.array(z.object({ port: z.int(), protocol: z.string(), error: z.string().optional() })).default([]),
});

const statusSchema = z.object({
  conditions: z.array(z.unknown()).default([]),
  loadBalancer: z.object({ ingress: z.array(ingressSchema).default([]) }).optional(),
});

/** What of the status of an object that is not ours is ours: conditions under our prefix, and its addresses. */
export interface ForeignStatus {
  /** Ours, without the prefix. */
  readonly conditions: readonly Condition[];
  /** Written by the pass over the nodes, under a manager of its own. */
  readonly reachable: Condition | undefined;
  readonly ingress: PlainService['recordedIngress'];
  /** As we would write it, to write only what differs. */
  readonly raw: unknown;
}

/** `loadBalancer`: whether objects of that kind have addresses. */
export function foreignStatus(object: KubeObject, loadBalancer: 'has' | 'lacks'): ForeignStatus {
  const read = statusSchema.safeParse(object['status'] ?? {});
  const status = read.success ? read.data : { conditions: [], loadBalancer: undefined };
  const prefixed = status.conditions
    .flatMap((one) => conditionSchema.safeParse(one).data ?? [])
    .filter(({ type }) => type.startsWith(ownPrefix));
  const ours = prefixed.filter(({ type }) => type !== nodePortReachable);
  const ingress: readonly RecordedIngress[] = status.loadBalancer?.ingress ?? [];
  return {
    conditions: ours.map((condition) => ({ ...condition, type: condition.type.slice(ownPrefix.length) })),
    reachable: prefixed.find(({ type }) => type === nodePortReachable),
    ingress,
    raw: {
      ...(ours.length === 0 ? {} : { conditions: ours }),
      ...(loadBalancer === 'has' ? { loadBalancer: { ingress } } : {}),
    },
  };
}
