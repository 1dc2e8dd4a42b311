import { z } from 'zod';
import { type BalancerName, balancerName } from '../core/model/brand.ts';
import type { KubeObject } from './kube-object.ts';

/** Of IngressClasses that are ours to serve. */
const controllerName = 'octopool.dev/ingress';

export interface IngressClassRecord {
  readonly name: string;
  readonly ours: boolean;
  /** Without parameters the operator's default balancer is meant; with others than these nobody is. */
  readonly parameters: 'none' | 'ofBalancer' | 'ofSomethingElse';
  readonly balancer: BalancerName | undefined;
}

const specSchema = z.object({
  controller: z.string().optional(),
  parameters: z
    .object({
      apiGroup: z.string().optional(),
      kind: z.string(),
      name: z.string(),
      namespace: z.string().optional(),
      scope: z.string().optional(),
    })
    .optional(),
});

/** networking.k8s.io/v1 IngressClass → which balancer serves Ingresses of it. */
export function ingressClassRecord(object: KubeObject): IngressClassRecord {
  const { controller, parameters } = specSchema.safeParse(object['spec'] ?? {}).data ?? {};
  const { apiGroup, kind, name = '', namespace } = parameters ?? {};
  const named = apiGroup === 'octopool.dev' && kind === 'SharedBalancer' && namespace !== undefined;
  return {
    name: object.metadata.name,
    ours: controller === controllerName,
    parameters: parameters === undefined ? 'none' : named ? 'ofBalancer' : 'ofSomethingElse',
    balancer: named ? balancerName(namespace, name) : undefined,
  };
}
