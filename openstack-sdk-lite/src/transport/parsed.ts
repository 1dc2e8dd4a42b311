import { z } from 'zod';
import type { Answer } from './http.ts';
import { OpenStackError } from './errors.ts';

export const record = z.record(z.string(), z.unknown());

/** What stands under `key` of an answer, read by a schema; kind `protocol` when it is not that. */
export function parsed<S extends z.ZodType>(answer: Answer, key: string, schema: S): z.output<S> {
  const body = record.safeParse(answer.body);
  const read = schema.safeParse(body.success ? body.data[key] : undefined);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new OpenStackError({
    kind: 'protocol',
    faultText: `cannot read "${[key, ...(issue?.path ?? [])].join('.')}" of the answer: ${issue?.message ?? 'not what was expected'}`,
    requestId: answer.requestId,
    service: answer.service,
    method: answer.method,
    path: answer.path,
  });
}
