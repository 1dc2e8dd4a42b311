import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { Problem } from '../core/model/reason.ts';
import type { CloudRef } from '../core/model/terms.ts';

/** A reference that leads nowhere, or to several places. The resolver catches it: it is a verdict, and no failure of ours. */
export class Unresolved extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** By id, or by a name that exactly one object must have. Throws Unresolved. */
export async function byRef<Object extends { readonly id: string; readonly name?: string | undefined }>(
  ref: CloudRef,
  kind: string,
  list: (filter: { readonly name: string }) => Promise<readonly Object[]>,
  get: (id: string) => Promise<Object>,
): Promise<Object> {
  if ('id' in ref) {
    return get(ref.id).catch((error: unknown) => {
      throw isNotFound(error) ? new Unresolved(notFound(kind, ref.id)) : error;
    });
  }
  const found = (await list({ name: ref.name })).filter((object) => object.name === ref.name);
  const [only] = found;
  if (only === undefined) throw new Unresolved(notFound(kind, ref.name));
  if (found.length > 1)
    throw new Unresolved({
      reason: 'CloudResourceAmbiguous',
      message: `${found.length} of kind ${kind} are called ${ref.name}. Name one by its id.`,
    });
  return only;
}

export function notFound(kind: string, name: string): Problem {
  return {
    reason: 'CloudResourceNotFound',
    message: `The project sees no ${kind} ${name}. Correct the reference, or create it.`,
  };
}
