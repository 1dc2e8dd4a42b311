import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import { realClock } from 'openstack-sdk-lite/wait';
import { balancerName } from '../../operator/core/model/brand.ts';
import { node } from '../chaos/support/small-world.ts';
import { isWrite } from '../fake-openstack/calls.ts';
import { startFakeOpenStack } from '../fake-openstack/fake-openstack.ts';
import { MemoryCluster } from '../support/memory-cluster.ts';
import { SmallOperator } from '../support/small-operator.ts';
import type { Say } from './bench-world.ts';
import { type CycleSeen, cyclesOf } from './cycles-of.ts';
import { figure, type Figure } from './figure.ts';
import { writesOfRoute } from './scenarios.ts';
import { ground, routeOf } from './shapes.ts';

const cycleMs = 4_000;
/** After so many like it a balancer's cycle is known. */
const learned = 3;
const shape = { routes: 1, balancers: 1 };

/** In real time, by the SDK's own wait: one route comes up and a second one is added, a cycle for each write. */
export async function cycleFigure(say: Say): Promise<Figure> {
  say('cycles of 4 s in real time: about half a minute');
  const fake = await startFakeOpenStack({ switches: { delays: { default: cycleMs } } });
  const cluster = new MemoryCluster(() => Date.now());
  cluster.apply(node('node-1', '10.10.0.11'), ...ground(shape), ...routeOf(1, shape, 'L7'));
  fake.do({ do: 'node-ports', project: 'tenant-a', addresses: ['10.10.0.11'] });
  const operator = new SmallOperator({
    cluster,
    credentials: async () => parseCloudsYaml(fake.cloudsYaml, 'tenant-a'),
    now: () => Date.now(),
    advance: () => {},
    waitClock: realClock,
  });
  try {
    const key = balancerName('edge', 'balancer-1');
    await operator.settle([key]);
    say('  one route is up; a second one comes');
    const since = fake.calls.length;
    cluster.apply(...routeOf(2, shape, 'L7'));
    await operator.settle([key]);
    const cycles = cyclesOf(fake.calls.slice(since).filter(({ service }) => service === 'octavia'));
    const worst = worstOf(cycles.slice(learned - 1));
    const floors = { floorWrites: writesOfRoute, floorReads: 1 };
    const writes = fake.calls.slice(since).filter((call) => call.service === 'octavia' && isWrite(call)).length;
    return figure({
      scenario: 'cycle4s',
      n: 1,
      balancers: 1,
      writes,
      reads: worst.reads,
      seconds: worst.seconds,
      ...floors,
    });
  } finally {
    await operator.close();
    await fake.stop();
  }
}

function worstOf(cycles: readonly CycleSeen[]): CycleSeen {
  return {
    seconds: Math.max(...cycles.map(({ seconds }) => seconds)),
    reads: Math.max(...cycles.map(({ reads }) => reads)),
  };
}
