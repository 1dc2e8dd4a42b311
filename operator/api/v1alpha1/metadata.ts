import { z } from 'zod';

/** metav1.ObjectMeta, as far as it is read. The API server has checked it, and keeps its own schema for it. */
export const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  generation: z.int(),
  resourceVersion: z.string().optional(),
  /** RFC 3339, whole seconds. */
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  finalizers: z.array(z.string()).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

export type Metadata = z.output<typeof metadataSchema>;
