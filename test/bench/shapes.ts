import { hostRoute, type Manifest, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';

/** How many routes there are, and on how many balancers they are spread. */
export interface Shape {
  readonly routes: number;
  readonly balancers: number;
}

export type Layer = 'L7' | 'L4';

/** Fifty to a balancer, as it is meant to be used; and one balancer that all of them share. */
export const usualShapes: readonly Shape[] = [
  { routes: 50, balancers: 1 },
  { routes: 1_000, balancers: 20 },
  { routes: 10_000, balancers: 200 },
];
export const crowdedShape: Shape = { routes: 1_000, balancers: 1 };

const edge = 'edge';
const teamSize = 50;
const firstNodePort = 30_000;

export function balancerOf(number: number, { routes, balancers }: Shape): string {
  return `balancer-${Math.floor((number - 1) / (routes / balancers)) + 1}`;
}

/** Fifty routes to a namespace, whatever the balancer: a snapshot holds all Services of the namespaces that it needs. */
export function teamOf(number: number): string {
  return `team-${Math.floor((number - 1) / teamSize) + 1}`;
}

/** Namespaces and balancers, and no route yet. */
export function ground({ routes, balancers }: Shape): readonly Manifest[] {
  return [
    namespace(edge),
    ...Array.from({ length: Math.ceil((routes + 1) / teamSize) }, (_, at) => namespace(`team-${at + 1}`)),
    ...Array.from({ length: balancers }, (_, at) => sharedBalancer({ namespace: edge, name: `balancer-${at + 1}` })),
  ];
}

export function routesOf(shape: Shape, layer: Layer): readonly Manifest[] {
  return Array.from({ length: shape.routes }, (_, at) => routeOf(at + 1, shape, layer)).flat();
}

/** A Service and its route, by their number from 1. One beyond the shape joins the last balancer. */
export function routeOf(number: number, shape: Shape, layer: Layer): readonly Manifest[] {
  const of = { namespace: teamOf(number), name: routeName(number) };
  const balancer = balancerOf(Math.min(number, shape.routes), shape);
  return [
    nodePortService({ ...of, nodePort: firstNodePort + number }),
    layer === 'L7'
      ? hostRoute({ ...of, host: `${of.name}.example.com`, service: of.name, balancer, balancerNamespace: edge })
      : portRoute({ ...of, port: 10_000 + number, balancer }),
  ];
}

export function routeName(number: number): string {
  return `route-${number}`;
}

function portRoute(of: {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly balancer: string;
}): Manifest {
  const { namespace: team, name, port, balancer } = of;
  return {
    apiVersion: 'octopool.dev/v1alpha1',
    kind: 'ServiceRoute',
    metadata: { name, namespace: team },
    spec: {
      balancerRef: { name: balancer, namespace: edge },
      l4: { port, protocol: 'TCP', backends: [{ service: name, port: 'http' }] },
    },
  };
}
