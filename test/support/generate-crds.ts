import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { crds } from './crds.ts';

/** `node test/support/generate-crds.ts` writes crds/ anew; a test fails while it differs from the schemas. */
const heading = '# Generated from operator/api by `make crds`; never edited by hand.\n';

export function crdText(definition: unknown): string {
  // a round trip through JSON drops what is undefined
  const plain: unknown = JSON.parse(JSON.stringify(definition));
  return heading + stringify(plain, { lineWidth: 0, aliasDuplicateObjects: false });
}

export const crdFolder = new URL('../../crds/', import.meta.url);

if (import.meta.main)
  for (const { file, definition } of crds) writeFileSync(new URL(file, crdFolder), crdText(definition));
