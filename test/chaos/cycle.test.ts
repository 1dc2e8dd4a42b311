import { expect, test } from '@jest/globals';
import { cyclesOf } from '../bench/cycles-of.ts';
import { publicBalancer, shop, smallWorld } from './support/small-world.ts';

const cycleMs = 4_000;
const learned = 3;

test('after three cycles of 4 s the end of the next ones is seen within 0.3 s and with at most 8 reads', async () => {
  const world = await smallWorld({ switches: { delays: { default: cycleMs } } });
  try {
    const { fake, cluster, operator } = world;
    cluster.apply(...publicBalancer(), ...shop(1));
    await operator.settle();
    // calls are logged in real time: what the stepped clock says goes with each
    const times: number[] = [];
    fake.onWrite(async ({ moment, request }) => {
      if (moment === 'before' && request.service === 'octavia') times.push(fake.world.clock.now());
    });
    world.calls();
    cluster.apply(...shop(2));
    await operator.settle();
    const octavia = world.calls().filter(({ service }) => service === 'octavia');
    let writes = 0;
    const timed = octavia.map((call) => ({ ...call, at: call.method === 'GET' ? 0 : (times[writes++] ?? 0) }));
    // the create was the first, so the second of these is the third
    const cycles = cyclesOf(timed).slice(learned - 1);
    const late = cycles.filter(({ seconds, reads }) => seconds < 4 || seconds > 4.3 || reads > 8);
    expect({ writes, measured: cycles.length, late }).toEqual({ writes: 5, measured: 2, late: [] });
  } finally {
    await world.close();
  }
});
