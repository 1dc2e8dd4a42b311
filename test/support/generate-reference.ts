import { mkdirSync, writeFileSync } from 'node:fs';
import { referencePages } from './reference.ts';

/** `node test/support/generate-reference.ts` writes docs/reference/ anew; a test fails while it differs from the schemas. */
export const referenceFolder = new URL('../../docs/reference/', import.meta.url);

if (import.meta.main) {
  mkdirSync(referenceFolder, { recursive: true });
  for (const { file, text } of referencePages()) writeFileSync(new URL(file, referenceFolder), text);
}
