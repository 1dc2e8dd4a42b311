import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CrashWorld, crashWorld } from './crash-world.ts';
import { killedAtEveryWrite, type Life } from './killed-at-every-write.ts';

export type Kubectl = CrashWorld['cluster']['kubectl'];

/** The test of a bring-up of at least so many writes, in a world of its own. */
export function crashCase(
  name: string,
  of: { readonly writes: number; readonly life: (kubectl: Kubectl) => Pick<Life, 'apply' | 'ready' | 'remove'> },
): void {
  let world: CrashWorld;
  beforeAll(async () => {
    world = await crashWorld();
  }, 3_600_000);
  afterAll(() => world?.stop(), 120_000);

  test(name, async () => {
    const { cluster, fake, options } = world;
    const life = of.life((args, input) => cluster.kubectl(args, input));
    const { writes, whole, ends } = await killedAtEveryWrite({ fake, options, ...life });
    expect(writes).toBeGreaterThanOrEqual(of.writes);
    expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((at) => [at, whole])));
  }, 3_600_000);
}
