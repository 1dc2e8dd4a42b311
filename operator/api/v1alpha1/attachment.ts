import { z } from 'zod';
import { labelSelectorSchema } from './label-selector.ts';
import { listMap, listSet } from './lists.ts';
import { ruled } from './rule.ts';
import { dnsLabel, hostnamePattern } from './text.ts';

/** Who may attach, and which names and ports are whose. */

const port = () => z.int32().min(1).max(65535);
const namespaces = () => listSet(z.array(dnsLabel()).min(1).max(64));

const hostnameDelegation = z.object({
  pattern: hostnamePattern().describe('A DNS name, *.x for every name below x, or * for every name.'),
  namespaces: namespaces().describe('The only namespaces whose routes may claim it; several share a name by path.'),
});

const portDelegation = ruled(
  z.object({
    start: port().describe('First port.'),
    end: port().describe('Last port, included.'),
    protocols: listSet(
      z
        .array(z.enum(['TCP', 'UDP', 'SCTP']))
        .min(1)
        .max(3),
    )
      .default(['TCP'])
      .describe('Transport protocols that this is about.'),
    namespaces: namespaces().describe('The only namespaces whose routes may claim these ports.'),
  }),
  {
    cel: 'self.start <= self.end',
    message: 'start must not be above end; exchange them',
    holds: ({ start, end }) => start <= end,
  },
);

export const attachmentSchema = ruled(
  z.object({
    from: z
      .enum(['None', 'Same', 'Selector', 'All'])
      .default('Same')
      .describe(
        'Namespaces whose routes are admitted: none (which evicts every route), the one of this object, those with certain labels, or all.',
      ),
    selector: labelSelectorSchema.describe('from Selector: labels of the admitted namespaces.').optional(),
    kinds: listSet(z.array(z.enum(['ServiceRoute', 'Service', 'Ingress'])).max(3))
      .default(['ServiceRoute', 'Service', 'Ingress'])
      .describe('Kinds of objects that may attach.'),
    hostnames: listMap(z.array(hostnameDelegation).max(256), 'pattern')
      .default([])
      .describe('Names that belong to certain namespaces and nobody else; the most specific pattern decides.'),
    ports: z
      .array(portDelegation)
      .max(128)
      .default([])
      .describe('Ports that belong to certain namespaces and nobody else.'),
    undelegated: z
      .enum(['Deny', 'FirstClaim'])
      .describe(
        'Who gets a hostname or port that no entry covers: nobody, or who asks first. Default: FirstClaim with from Same, else Deny.',
      )
      .optional(),
    regexMatches: z
      .enum(['Forbidden', 'Allowed'])
      .default('Forbidden')
      .describe(
        'Whether routes may match by regular expressions, which all tenants of the balancer then compute with.',
      ),
  }),
  {
    cel: "(self.from == 'Selector') == has(self.selector)",
    message: 'selector is required for from Selector and allowed only there',
    holds: ({ from, selector }) => (from === 'Selector') === (selector !== undefined),
  },
);

export type AttachmentTerms = z.output<typeof attachmentSchema>;
