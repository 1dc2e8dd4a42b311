import { z } from 'zod';
import { cookieName, cookieValue, fileType, headerName, headerValue, pathMatch } from './http-text.ts';
import { listSet } from './lists.ts';
import { ruled } from './rule.ts';

/** Which requests a rule is about. */

const header = fieldMatch(headerName(), headerValue(), 'header');
const cookie = fieldMatch(cookieName(), cookieValue(), 'cookie');

export const matchSchema = z.object({
  path: pathMatch().describe('The path of the request; default: every path.').optional(),
  headers: z.array(header).max(4).default([]).describe('Headers of the request, each of them. Octavia: HEADER rules.'),
  cookies: z.array(cookie).max(4).default([]).describe('Cookies of the request, each of them. Octavia: COOKIE rules.'),
  fileTypes: listSet(z.array(fileType()).max(8))
    .default([])
    .describe('Endings of the path without their dot, any of them, such as jpg. Octavia: a PATH rule.'),
});

function fieldMatch(name: z.ZodString, value: z.ZodString, what: 'header' | 'cookie') {
  const octavia = what === 'header' ? 'a HEADER' : 'a COOKIE';
  const named = what === 'header' ? 'in any case' : 'case-sensitive';
  return ruled(
    z.object({
      name: name.describe(`Name of the ${what}, ${named}. Octavia: key of ${octavia} rule.`),
      type: z
        .enum(['Exact', 'Prefix', 'Suffix', 'Contains', 'Regex', 'Present'])
        .default('Exact')
        .describe(
          `How the value is compared; Present: the ${what} is there, whatever its value. Regex: where the balancer allows it. Octavia: EQUAL_TO, STARTS_WITH, ENDS_WITH, CONTAINS, REGEX.`,
        ),
      value: value.describe(`What the ${what} is compared with, case-sensitive. Octavia: value.`).optional(),
      invert: z.boolean().default(false).describe('Whether the opposite must hold. Octavia: invert.'),
    }),
    {
      cel: "(self.type == 'Present') != has(self.value)",
      message: 'value is required unless type is Present, and not allowed there',
      holds: (match) => (match.type === 'Present') !== (match.value !== undefined),
    },
  );
}

export type Match = z.output<typeof matchSchema>;
