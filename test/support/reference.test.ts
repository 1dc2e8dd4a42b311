import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { referenceFolder } from './generate-reference.ts';
import { fieldRows } from './reference-rows.ts';
import { referencePages } from './reference.ts';

test.each(referencePages())(
  'docs/reference/$file is what the schemas say; `make reference` writes it anew',
  ({ file, text }) => {
    expect(readFileSync(new URL(file, referenceFolder), 'utf8')).toBe(text);
  },
);

test('docs/reference holds no page that the schemas do not know', () => {
  expect(readdirSync(referenceFolder).toSorted()).toEqual(
    referencePages()
      .map(({ file }) => file)
      .toSorted(),
  );
});

test('a row tells type, default, constraints and meaning of a field; a known shape is only named', () => {
  const ref = { type: 'object', properties: { id: { type: 'string' } } };
  const schema = {
    type: 'object',
    required: ['size'],
    properties: {
      size: { type: 'integer', minimum: 1, maximum: 9, default: 3, description: 'How big | wide.' },
      names: {
        type: 'array',
        maxItems: 2,
        'x-kubernetes-list-type': 'set',
        items: { enum: ['a', 'b'], type: 'string' },
      },
      where: { ...ref, 'x-kubernetes-validations': [{ rule: 'true', message: 'set it' }] },
      parts: { type: 'array', items: { type: 'object', properties: { at: ref } } },
    },
  };
  expect(fieldRows(schema, [{ name: 'Ref', schema: ref }])).toEqual([
    '| `size` | integer | `3` | required; 1 to 9 | How big \\| wide. |',
    '| `names` | list of `a`, `b` |  | at most 2 entries; each once |  |',
    '| `where` | [Ref](common.md#ref) |  | “set it” |  |',
    '| `parts` | list of object |  |  |  |',
    '| `parts[].at` | [Ref](common.md#ref) |  |  |  |',
  ]);
});
