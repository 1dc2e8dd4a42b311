import { expect, test } from '@jest/globals';
import { countedLife } from '../bench/counted.ts';

/** The counts that `make bench` publishes, for fifty routes; times are its business. */

test('fifty routes cost what the API of Octavia asks for and no call more', async () => {
  const figures = await countedLife({ routes: 50, balancers: 1 }, () => {});
  const costs = Object.fromEntries(figures.map(({ scenario, writes, reads }) => [scenario, { writes, reads }]));
  expect(costs).toEqual({
    // looked for by its tags, the end of its cycle, then the pass that finds all in place
    bringUpL7: { writes: 1, reads: 1 + 1 + 6 },
    bringUpL4: { writes: 1, reads: 1 + 1 + 6 },
    resync: { writes: 0, reads: 6 },
    statusWritesUnchanged: { writes: 0, reads: null },
    restart: { writes: 0, reads: 6 },
    // a pass before, a look at the end of each cycle, a pass after; that one reads the new policy's rule too
    addRoute: { writes: 5, reads: 6 + 5 + 7 },
    addPort: { writes: 4, reads: 6 + 4 + 6 },
    // every pool has a member less: fifty, and the two that were added
    nodeRemoved: { writes: 52, reads: 6 + 52 + 6 },
    deleteOne: { writes: 2, reads: 6 + 2 + 6 },
    deleteAll: { writes: 1, reads: 10 },
  });
});
