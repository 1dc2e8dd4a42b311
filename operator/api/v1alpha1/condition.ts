import { z } from 'zod';
import { listMap } from './lists.ts';

/** RFC 3339. */
export const timestamp = () => z.string().max(64).meta({ format: 'date-time' });

/** metav1.Condition. */
const conditionSchema = z.object({
  type: z.string().min(1).max(316).describe('What is spoken about.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it is so.'),
  reason: z.string().min(1).max(1024).describe('One word for why.'),
  message: z.string().max(32768).describe('One sentence of cause, one of fix.'),
  lastTransitionTime: timestamp().describe('When status last changed.'),
  observedGeneration: z.int().min(0).describe('The generation of the object that this speaks about.').optional(),
});

/** One entry a type. */
export const conditionsSchema = listMap(z.array(conditionSchema).max(32), 'type');

export type ConditionStatus = z.output<typeof conditionSchema>;
