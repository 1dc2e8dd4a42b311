import { z } from 'zod';
import { atomicMap } from './lists.ts';
import { ruled } from './rule.ts';
import { uuid } from './text.ts';

/** A reference to something that exists in the cloud already. */
export function cloudRef() {
  const reference = z.object({
    id: uuid().describe('UUID of the object.').optional(),
    name: z
      .string()
      .min(1)
      .max(255)
      .describe(
        'Name of the object. It must match exactly one that the credentials can see, else CloudResourceNotFound or CloudResourceAmbiguous.',
      )
      .optional(),
  });
  return atomicMap(
    ruled(reference, {
      cel: 'has(self.id) != has(self.name)',
      message: 'set exactly one of id, name',
      holds: ({ id, name }) => (id !== undefined) !== (name !== undefined),
    }),
  );
}

export type CloudReference = z.output<ReturnType<typeof cloudRef>>;
