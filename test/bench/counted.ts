import { benchWorld, type BenchWorld, type Say } from './bench-world.ts';
import type { Figure } from './figure.ts';
import { addOne, bringUp, deleteAll, deleteOne, nodeRemoved, restart, resync } from './scenarios.ts';
import type { Layer, Shape } from './shapes.ts';

/** A shape's whole life on the fake cloud, every call counted. */
export async function countedLife(shape: Shape, say: Say): Promise<readonly Figure[]> {
  return [
    ...(await withWorld({ shape, layer: 'L7', say }, lifeOfRoutes)),
    ...(await withWorld({ shape, layer: 'L4', say }, async (of) => [await bringUp(of)])),
  ];
}

async function lifeOfRoutes(of: BenchWorld): Promise<readonly Figure[]> {
  return [
    await bringUp(of),
    ...(await resync(of)),
    await restart(of),
    await addOne(of, 'L7', 1),
    await addOne(of, 'L4', 2),
    await nodeRemoved(of),
    await deleteOne(of),
    await deleteAll(of),
  ];
}

async function withWorld(
  given: { readonly shape: Shape; readonly layer: Layer; readonly say: Say },
  life: (of: BenchWorld) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const { shape, layer, say } = given;
  say(`${shape.routes} ${layer} routes on ${shape.balancers} ${shape.balancers === 1 ? 'balancer' : 'balancers'}`);
  const of = await benchWorld(given);
  try {
    return await life(of);
  } finally {
    await of.world.close();
  }
}
