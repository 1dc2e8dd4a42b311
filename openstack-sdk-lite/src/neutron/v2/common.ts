import { z } from 'zod';
import { orEmpty, orNull, textOrEmpty } from '../../fields.ts';
import { at, type Call } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

/** What every Neutron object carries. */
export const neutronCommon = {
  id: z.string(),
  name: textOrEmpty,
  description: textOrEmpty,
  project_id: orNull(z.string()),
  tags: orEmpty(z.string()),
  /** Grows with every change; see `revision` of updates. */
  revision_number: orNull(z.number()),
};

/** Neutron takes tags by a call of their own: an object that a crash leaves behind has none, so mark it by its description too. */
export interface Taggable {
  replaceTags(id: string, tags: readonly string[], call?: Call): Promise<void>;
}

export function taggable(endpoint: Endpoint, table: { readonly path: string }): Taggable {
  return {
    replaceTags: async (id, tags, call = {}) => {
      await endpoint.send({ method: 'PUT', path: `${at(table, id)}/tags`, body: { tags }, ...call });
    },
  };
}
