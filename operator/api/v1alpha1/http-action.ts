import { z } from 'zod';
import { backendsSchema } from './backends.ts';
import { redirectTarget } from './http-text.ts';
import { ruled } from './rule.ts';

/** What happens with a request that a rule matched. */

const redirectSchema = ruled(
  z.object({
    url: redirectTarget().describe('The new location, whole. Octavia: REDIRECT_TO_URL.').optional(),
    prefix: redirectTarget()
      .describe('Scheme and host of the new location; path and query of the request follow. Octavia: REDIRECT_PREFIX.')
      .optional(),
    code: z
      .literal([301, 302, 303, 307, 308])
      .default(302)
      .describe('Status code of the answer. Octavia: redirect_http_code.'),
  }),
  {
    cel: 'has(self.url) != has(self.prefix)',
    message: 'set exactly one of url, prefix',
    holds: ({ url, prefix }) => (url !== undefined) !== (prefix !== undefined),
  },
);

export const actionSchema = ruled(
  z.object({
    type: z
      .enum(['Forward', 'Redirect', 'Reject'])
      .describe(
        'Forward: to a backend. Redirect: to another URL. Reject: with 403. Octavia: REDIRECT_TO_POOL, REDIRECT_TO_URL or REDIRECT_PREFIX, REJECT.',
      ),
    backends: backendsSchema.describe('type Forward: where to; they share one pool. Octavia: members.').optional(),
    redirect: redirectSchema.describe('type Redirect: where to.').optional(),
  }),
  {
    cel: "(self.type == 'Forward') == has(self.backends)",
    message: 'backends are required for type Forward and allowed only there',
    holds: ({ type, backends }) => (type === 'Forward') === (backends !== undefined),
  },
  {
    cel: "(self.type == 'Redirect') == has(self.redirect)",
    message: 'redirect is required for type Redirect and allowed only there',
    holds: ({ type, redirect }) => (type === 'Redirect') === (redirect !== undefined),
  },
);

export type Action = z.output<typeof actionSchema>;
