import type { z } from 'zod';
import { serviceRouteSpecSchema } from '../../operator/api/v1alpha1/service-route.ts';
import { sharedBalancerSpecSchema } from '../../operator/api/v1alpha1/shared-balancer.ts';
import { serviceRouteStatusSchema, sharedBalancerStatusSchema } from '../../operator/api/v1alpha1/status.ts';
import { type JsonSchema, structural } from './crd-schema.ts';

/** Both custom resource definitions, as they are written to crds/. */
export const crds: readonly { readonly file: string; readonly definition: JsonSchema }[] = [
  {
    file: 'octopool.dev_sharedbalancers.yaml',
    definition: definition({
      kind: 'SharedBalancer',
      plural: 'sharedbalancers',
      shortName: 'sbal',
      description: 'One active-standby Octavia load balancer that many Services share.',
      spec: sharedBalancerSpecSchema,
      status: sharedBalancerStatusSchema,
      selectable: ['.status.loadBalancerID'],
      columns: [
        column('Address', '.status.address'),
        column('Routes', '.status.counts.routes', { type: 'integer' }),
        ...readyColumns(),
        column('LB', '.status.loadBalancerID', { priority: 1 }),
        column('Operating', '.status.operatingStatus', { priority: 1 }),
        ...lastColumns(),
      ],
    }),
  },
  {
    file: 'octopool.dev_serviceroutes.yaml',
    definition: definition({
      kind: 'ServiceRoute',
      plural: 'serviceroutes',
      shortName: 'svcr',
      description: 'Attaches Services of its namespace to a SharedBalancer, by hostname and path or by port.',
      spec: serviceRouteSpecSchema,
      status: serviceRouteStatusSchema,
      selectable: ['.status.balancer', '.spec.balancerRef.name', '.spec.l4.port'],
      columns: [
        column('Balancer', '.status.balancer'),
        column('Hostnames', '.spec.http.hostnames'),
        column('Port', '.spec.l4.port', { type: 'integer' }),
        ...readyColumns(),
        column('Address', '.status.address', { priority: 1 }),
        column('Healthy', '.status.healthy', { priority: 1 }),
        ...lastColumns(),
      ],
    }),
  },
];

type Column = Readonly<Record<string, unknown>>;

function column(
  name: string,
  jsonPath: string,
  more: { readonly type?: string; readonly priority?: number } = {},
): Column {
  return { name, type: 'string', jsonPath, ...more };
}

function readyPath(field: string): string {
  return `.status.conditions[?(@.type=="Ready")].${field}`;
}

function readyColumns(): readonly Column[] {
  return [column('Ready', readyPath('status')), column('Reason', readyPath('reason'))];
}

function lastColumns(): readonly Column[] {
  return [
    column('Message', readyPath('message'), { priority: 1 }),
    column('Age', '.metadata.creationTimestamp', { type: 'date' }),
  ];
}

function definition(of: {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly description: string;
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
  readonly selectable: readonly string[];
  readonly columns: readonly Column[];
}): JsonSchema {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${of.plural}.octopool.dev`, labels: { 'app.kubernetes.io/name': 'octopool' } },
    spec: {
      group: 'octopool.dev',
      scope: 'Namespaced',
      names: {
        kind: of.kind,
        listKind: `${of.kind}List`,
        plural: of.plural,
        singular: of.kind.toLowerCase(),
        shortNames: [of.shortName],
        categories: ['octopool'],
      },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: of.columns,
          selectableFields: of.selectable.map((jsonPath) => ({ jsonPath })),
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: of.description,
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: { ...structural(of.spec), description: 'What its owner wants.' },
                status: { ...structural(of.status), description: 'What the operator found and did.' },
              },
            },
          },
        },
      ],
    },
  };
}
