import { z } from 'zod';
import { backendPolicySchema } from '../../operator/api/v1alpha1/backend-policy.ts';
import { cloudRef } from '../../operator/api/v1alpha1/cloud-ref.ts';
import { conditionsSchema } from '../../operator/api/v1alpha1/condition.ts';
import { labelSelectorSchema } from '../../operator/api/v1alpha1/label-selector.ts';
import { timeoutsSchema } from '../../operator/api/v1alpha1/listener-terms.ts';
import { structural, type JsonSchema } from './crd-schema.ts';
import { crds } from './crds.ts';
import { commandLinePage } from './command-line-reference.ts';
import { fieldRows, refusals } from './reference-rows.ts';

/** The field tables of docs/reference, from the same schemas as crds/. */

export interface Page {
  readonly file: string;
  readonly text: string;
}

/** Shapes that stand in several places, told once. */
const shapes: readonly { readonly name: string; readonly about: string; readonly schema: JsonSchema }[] = [
  {
    name: 'CloudRef',
    about: 'An object that the cloud has already, by its UUID or by its name.',
    schema: structural(cloudRef()),
  },
  {
    name: 'BackendPolicy',
    about:
      "How backends are reached and watched. Each field is taken from the first that sets it: the rule, the route, the balancer's `defaults`, else what is built in.",
    schema: structural(backendPolicySchema),
  },
  { name: 'Timeouts', about: 'How long a connection may wait or be silent.', schema: structural(timeoutsSchema) },
  {
    name: 'LabelSelector',
    about: 'Kubernetes’ own: all of its requirements have to be met, and an empty one selects everything.',
    schema: structural(labelSelectorSchema),
  },
  {
    name: 'Condition',
    about: 'Kubernetes’ own; one for each type.',
    schema: structural(z.object({ conditions: conditionsSchema })),
  },
];

const heading = '<!-- Generated from operator/api by `make reference`; never edited by hand. -->\n';
const columns = '| field | type | default | constraint | description |\n|---|---|---|---|---|\n';

export function referencePages(): readonly Page[] {
  return [
    ...crds.map(({ definition }) => kindPage(definition as unknown as Definition)),
    shapesPage(),
    commandLinePage(),
  ];
}

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
    readonly versions: readonly [
      {
        readonly additionalPrinterColumns: readonly { readonly name: string; readonly jsonPath: string }[];
        readonly selectableFields: readonly { readonly jsonPath: string }[];
        readonly schema: { readonly openAPIV3Schema: JsonSchema & { readonly properties: Record<string, JsonSchema> } };
      },
    ];
  };
}

function kindPage({ spec }: Definition): Page {
  const { kind, plural, shortNames } = spec.names;
  const [{ schema, additionalPrinterColumns, selectableFields }] = spec.versions;
  const { description, properties } = schema.openAPIV3Schema;
  const refused = 'What a field refuses stands in “quotes”, as its reader sees it.';
  const selectable = selectableFields.map(({ jsonPath }) => `\`${jsonPath.slice(1)}\``).join(', ');
  const shown = additionalPrinterColumns.map(({ name, jsonPath }) => `${name.toUpperCase()} \`${escaped(jsonPath)}\``);
  const text = [
    `${heading}\n# ${kind}\n`,
    `${String(description)} API \`octopool.dev/v1alpha1\`, \`kubectl get ${[plural, ...shortNames].join('` or `')}\`.\n`,
    `Columns: ${shown.join(' · ')}. For \`--field-selector\`: ${selectable}. ${refused}\n`,
    `## spec\n\n${table(properties['spec'])}`,
    `## status\n\n${table(properties['status'])}`,
  ];
  return { file: `${kind.toLowerCase()}.md`, text: text.join('\n') };
}

function shapesPage(): Page {
  const sections = shapes.map(({ name, about, schema }) => {
    // a condition stands in a list, and is described by its entry
    const shape = name === 'Condition' ? entryOf(schema) : schema;
    const rest = shapes.filter((other) => other.name !== name && other.name !== 'Condition');
    return `## ${name}\n\n${about}\n\n${columns}${fieldRows(shape, rest).join('\n')}\n`;
  });
  return { file: 'common.md', text: `${heading}\n# Shapes that both kinds use\n\n${sections.join('\n')}` };
}

function table(schema: JsonSchema = {}): string {
  const known = shapes.map((shape) =>
    shape.name === 'Condition' ? { ...shape, schema: entryOf(shape.schema) } : shape,
  );
  const across = refusals(schema).map((refusal) => `- ${refusal}\n`);
  const rules = across.length === 0 ? '' : `Rules over several fields:\n\n${across.join('')}\n`;
  return `${rules}${columns}${fieldRows(schema, known).join('\n')}\n`;
}

function entryOf(schema: JsonSchema): JsonSchema {
  const { properties } = schema as unknown as { properties: { conditions: { items: JsonSchema } } };
  return properties.conditions.items;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
