import { ok } from '../http.ts';

/** Nothing ever flows through a balancer that does not exist. */
export const noStats = ok({
  stats: { bytes_in: 0, bytes_out: 0, active_connections: 0, total_connections: 0, request_errors: 0 },
});
