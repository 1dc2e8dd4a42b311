import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { crds } from './crds.ts';
import { crdFolder, crdText } from './generate-crds.ts';

test.each(crds)('crds/$file is what the schemas say; `make crds` writes it anew', ({ file, definition }) => {
  expect(readFileSync(new URL(file, crdFolder), 'utf8')).toBe(crdText(definition));
});
