import { z } from 'zod';
import { atomicMap } from './lists.ts';
import { ruled } from './rule.ts';

const labelKey = () => z.string().max(317);
const labelValue = () => z.string().max(63);

const requirement = ruled(
  z.object({
    key: labelKey().describe('Label key.'),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the label is compared.'),
    values: z.array(labelValue()).max(64).describe('Label values; for In and NotIn only.').optional(),
  }),
  {
    cel: "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
    message: 'values are required for operator In and NotIn and allowed only there',
    holds: ({ operator, values = [] }) => (operator === 'In' || operator === 'NotIn') === values.length > 0,
  },
);

/** metav1.LabelSelector. All of its requirements have to be met; an empty one selects everything. */
export const labelSelectorSchema = atomicMap(
  z.object({
    matchLabels: z
      .record(labelKey(), labelValue())
      .meta({ maxProperties: 32 })
      .describe('Labels that must be there with exactly this value.')
      .optional(),
    matchExpressions: z.array(requirement).max(32).describe('Further requirements.').optional(),
  }),
);

export type LabelSelectorTerms = z.output<typeof labelSelectorSchema>;
