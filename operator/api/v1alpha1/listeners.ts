import { z } from 'zod';
import { backendRefSchema } from './backends.ts';
import { allowedNetworks, connectionLimit, timeoutsSchema } from './listener-terms.ts';
import { listMap, listSet } from './lists.ts';
import { ruled } from './rule.ts';
import { dnsLabel } from './text.ts';

/** The entry points that routes share, and the one for metrics. */

const listenerSchema = ruled(
  z.object({
    name: dnsLabel(40).describe('What routes refer to.'),
    port: z.int32().min(1).max(65535).describe('TCP port, for this listener alone. Octavia: protocol_port.'),
    protocol: z
      .enum(['HTTP', 'Prometheus'])
      .describe(
        'HTTP: routes attach by hostname. Prometheus: serves the metrics of the load balancer itself; no route attaches. Octavia: protocol.',
      ),
    insertHeaders: listSet(z.array(z.enum(['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'])).max(3))
      .describe(
        'Headers that members receive besides those of the client; default: all three, with HTTP only. A pool with proxyProtocol gets no X-Forwarded-For. Octavia: insert_headers.',
      )
      .optional(),
    allowedCIDRs: allowedNetworks().describe(
      'Networks that may connect, of the families of the VIPs; empty: everybody. Octavia: allowed_cidrs.',
    ),
    connectionLimit: connectionLimit(),
    timeouts: timeoutsSchema.prefault({}).describe('Octavia: timeout_*.'),
    defaultBackend: backendRefSchema
      .describe(
        'Service in the namespace of this object for requests that no route matches; default: they are answered 503. Octavia: default_pool_id.',
      )
      .optional(),
  }),
  {
    cel: "self.protocol == 'HTTP' || !has(self.insertHeaders) || size(self.insertHeaders) == 0",
    message: 'insertHeaders belong to protocol HTTP; remove them from the Prometheus listener',
    holds: ({ protocol, insertHeaders = [] }) => protocol === 'HTTP' || insertHeaders.length === 0,
  },
  {
    cel: "self.protocol == 'HTTP' || !has(self.defaultBackend)",
    message: 'defaultBackend belongs to protocol HTTP; remove it from the Prometheus listener',
    holds: ({ protocol, defaultBackend }) => protocol === 'HTTP' || defaultBackend === undefined,
  },
);

export const listenersSchema = ruled(listMap(z.array(listenerSchema).max(32), 'name'), {
  cel: 'self.all(a, self.exists_one(b, b.port == a.port))',
  message: 'two listeners use the same port; give one another port',
  holds: (listeners) => new Set(listeners.map(({ port }) => port)).size === listeners.length,
});

export type Listener = z.output<typeof listenerSchema>;
