import { z } from 'zod';
import { ruled } from './rule.ts';
import { dnsLabel } from './text.ts';

const PORT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A number or a name; both are one JSON value to users. */
const servicePort = ruled(z.union([z.int32(), z.string().max(63)]).meta({ 'x-kubernetes-int-or-string': true }), {
  cel: `type(self) == int ? self >= 1 && self <= 65535 : string(self).matches(r'${PORT_NAME.source}')`,
  message: 'port is a number from 1 to 65535 or the name of a port of the Service, such as http',
  holds: (port) => (typeof port === 'number' ? port >= 1 && port <= 65535 : PORT_NAME.test(port)),
});

const backendRef = z.object({
  service: dnsLabel().describe('Name of a Service in the namespace of this object.'),
  port: servicePort.describe('Number or name of one of its ports, as the Service names them; not a targetPort.'),
});

export const backendRefSchema = backendRef;

const backendSchema = backendRef.extend({
  weight: z
    .int32()
    .min(0)
    .max(1_000_000)
    .default(1)
    .describe(
      "Share of the requests in proportion to the other backends' weights, however many members each has; 0: none. Octavia: weight of the members, 0 to 256.",
    ),
  role: z
    .enum(['Active', 'Backup'])
    .default('Active')
    .describe('Backup: serves only while no Active one is up. Octavia: backup of the members.'),
});

/** Where a rule or a port sends to. */
export const backendsSchema = ruled(
  z.array(backendSchema).min(1).max(8),
  {
    cel: 'self.all(a, self.exists_one(b, b.service == a.service && b.port == a.port))',
    message: 'the same service and port stands twice; remove one',
    holds: (backends) =>
      new Set(backends.map(({ service, port }) => JSON.stringify([service, port]))).size === backends.length,
  },
  {
    cel: 'self.exists(b, b.weight > 0)',
    message: 'every weight is 0; give at least one backend a weight above 0',
    holds: (backends) => backends.some(({ weight }) => weight > 0),
  },
  {
    cel: "self.exists(b, b.role == 'Active')",
    message: 'every backend is a Backup; give at least one the role Active',
    holds: (backends) => backends.some(({ role }) => role === 'Active'),
  },
);

export type BackendReference = z.output<typeof backendRefSchema>;
export type Backend = z.output<typeof backendSchema>;
