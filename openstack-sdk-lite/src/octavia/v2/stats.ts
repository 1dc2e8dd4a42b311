import { z } from 'zod';

/** Counters since the balancer or listener was made; all amphorae together. */
export const statsSchema = z.object({
  active_connections: z.number(),
  bytes_in: z.number(),
  bytes_out: z.number(),
  request_errors: z.number(),
  total_connections: z.number(),
});
export type Stats = Readonly<z.infer<typeof statsSchema>>;
