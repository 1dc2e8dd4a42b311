import { balancerName } from '../../operator/core/model/brand.ts';
import { type BenchWorld, costSince, passEach, settleEach } from './bench-world.ts';
import { figure, type Figure } from './figure.ts';
import { balancerOf, routeName, routeOf, routesOf, type Shape, teamOf } from './shapes.ts';

/** Octavia's largest page; a full one says that there may be more. */
const page = 1_000;
/** A pool, its members, its monitor; then a policy with its rule, or a listener. */
export const writesOfRoute = 5;
const writesOfPort = 4;
/** What routes to a service, then its pool with members and monitor. */
const writesOfDeletion = 2;
/** One period of slow reading; balancers read their rules anew when another one has begun. */
const sliceMs = 300_000;

/** What a pass of a balancer reads: itself, its listeners, the status tree; its pools, monitors and policies by pages. */
function readsOfPass({ routes, balancers }: Shape): number {
  return 3 + 3 * (Math.floor(routes / balancers / page) + 1);
}

type Measured = Partial<Figure> & Pick<Figure, 'scenario'>;

function row({ shape }: BenchWorld, of: Measured): Figure {
  return figure({ n: shape.routes, balancers: shape.balancers, ...of });
}

/** Everything is known before the balancers are made. */
export async function bringUp(of: BenchWorld): Promise<Figure> {
  of.world.cluster.apply(...routesOf(of.shape, of.layer));
  await settleEach(of, 'bring up');
  const scenario = of.layer === 'L7' ? 'bringUpL7' : 'bringUpL4';
  return row(of, { scenario, ...costSince(of.world), floorWrites: of.shape.balancers });
}

/** One more on the last balancer; `number` counts from the shape's last route. */
export async function addOne(of: BenchWorld, layer: 'L7' | 'L4', beyond: number): Promise<Figure> {
  const { world, shape } = of;
  world.cluster.apply(...routeOf(shape.routes + beyond, shape, layer));
  await world.operator.settle([keyOfRoute(shape.routes, of)]);
  const [scenario, floorWrites] =
    layer === 'L7' ? (['addRoute', writesOfRoute] as const) : (['addPort', writesOfPort] as const);
  return row(of, { scenario, ...costSince(world), floorWrites, floorReads: readsOfPass(shape) + floorWrites });
}

/** A pass over each balancer with nothing to do, in a time whose slow reading is done; and what it wrote to Kubernetes. */
export async function resync(of: BenchWorld): Promise<readonly Figure[]> {
  const { world, shape } = of;
  world.fake.advance(sliceMs - (world.fake.world.clock.now() % sliceMs));
  await passEach(of, 'slow reading');
  world.fake.advance(sliceMs / 5);
  world.calls();
  const before = world.cluster.statusWrites;
  await passEach(of, 'resync');
  const floors = { floorWrites: 0, floorReads: readsOfPass(shape) * shape.balancers };
  return [
    row(of, { scenario: 'resync', ...costSince(world), ...floors }),
    row(of, { scenario: 'statusWritesUnchanged', writes: world.cluster.statusWrites - before, floorWrites: 0 }),
  ];
}

/** Reads: of the first pass over each balancer. Writes: until everything rests again. */
export async function restart(of: BenchWorld): Promise<Figure> {
  const { world, shape } = of;
  await world.restart();
  await passEach(of, 'restart');
  const first = costSince(world);
  await settleEach(of, 'after the restart');
  const writes = first.writes + costSince(world).writes;
  return row(of, {
    scenario: 'restart',
    writes,
    reads: first.reads,
    floorWrites: 0,
    floorReads: readsOfPass(shape) * shape.balancers,
  });
}

/** A machine is gone: a member less in each pool. */
export async function nodeRemoved(of: BenchWorld): Promise<Figure> {
  const { world } = of;
  const floorWrites = world.fake.world.octavia.tables.pool.size;
  world.cluster.remove('Node', undefined, 'node-3');
  await settleEach(of, 'node removed');
  return row(of, { scenario: 'nodeRemoved', ...costSince(world), floorWrites });
}

export async function deleteOne(of: BenchWorld): Promise<Figure> {
  const { world } = of;
  world.cluster.remove('ServiceRoute', teamOf(1), routeName(1));
  await world.operator.settle([keyOfRoute(1, of)]);
  const floors = { floorWrites: writesOfDeletion, floorReads: readsOfPass(of.shape) + writesOfDeletion };
  return row(of, { scenario: 'deleteOne', ...costSince(world), ...floors });
}

export async function deleteAll(of: BenchWorld): Promise<Figure> {
  const { world, shape } = of;
  for (const kind of ['ServiceRoute', 'SharedBalancer'])
    for (const { metadata } of world.cluster.all(kind)) world.cluster.remove(kind, metadata.namespace, metadata.name);
  await settleEach(of, 'delete all');
  const left = world.fake.world.octavia.tables.loadbalancer.size;
  if (left > 0) throw new Error(`${left} load balancers are left`);
  return row(of, { scenario: 'deleteAll', ...costSince(world), floorWrites: shape.balancers });
}

function keyOfRoute(number: number, { shape }: BenchWorld) {
  return balancerName('edge', balancerOf(number, shape));
}
