import { z } from 'zod';

/**
 * What an error answer says, out of the envelopes that OpenStack has:
 *
 *     Octavia             {"faultcode": ..., "faultstring": "...", "debuginfo": null}
 *     Keystone, its auth  {"error": {"code": 401, "title": "...", "message": "..."}}
 *     Barbican, limits    {"code": 400, "title": "...", "description": "..."}
 *     Neutron             {"NeutronError": {"type": "OverQuota", "message": "...", "detail": ""}}
 *
 * Anything else (a proxy's HTML page) is shortened and shown as it is. Neutron's type is kept in front: its message alone
 * does not tell a quota from a conflict in every language.
 */
export function faultText(body: unknown, fallback: string): string {
  for (const [schema, read] of envelopes) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return read(parsed.data);
  }
  if (typeof body === 'string' && body.trim() !== '') return shortened(body.trim());
  return fallback;
}

const longest = 500;

type Envelope = readonly [z.ZodType, (body: unknown) => string];

function envelope<T>(schema: z.ZodType<T>, read: (body: T) => string): Envelope {
  return [schema, (body) => read(schema.parse(body))];
}

const neutronFault = z.object({ type: z.string().optional(), message: z.string() });

const envelopes: readonly Envelope[] = [
  envelope(z.object({ faultstring: z.string() }), (body) => body.faultstring),
  envelope(z.object({ error: z.object({ message: z.string() }) }), (body) => body.error.message),
  envelope(z.object({ NeutronError: neutronFault }), ({ NeutronError: fault }) => neutronText(fault)),
  envelope(z.object({ NeutronError: z.string() }), (body) => body.NeutronError),
  envelope(z.object({ description: z.string(), code: z.number().optional() }), (body) => body.description),
  envelope(z.object({ message: z.string() }), (body) => body.message),
];

function neutronText(fault: z.infer<typeof neutronFault>): string {
  return fault.type === undefined || fault.type === '' ? fault.message : `${fault.type}: ${fault.message}`;
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
