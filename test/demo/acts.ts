import { setTimeout as pause } from 'node:timers/promises';
import { logPosition } from '../openstack/access-log.ts';
import { list } from '../support/manifests.ts';
import { type OperatorProcess, startOperator } from '../support/operator-process.ts';
import { isWrite } from '../openstack/access-log.ts';
import { costOf, costSince } from './cost.ts';
import type { Figures } from './figures.ts';
import { balancer, namespaces, routeTo, serviceOf, shops, theBalancer, workload } from './scene.ts';
import { ask, askUntilAnswered, outage } from './traffic.ts';
import type { World } from './world.ts';

/** The acts of the demo, in their order. Each changes one thing and says what the cloud counted for it. */

export type Say = (line: string) => void;

/** Fifty Services with a Pod each, and fifty routes: their balancer does not exist yet. */
export async function setScene({ controlPlane }: World, say: Say): Promise<void> {
  say(`applying ${shops.length} Services with one Pod each, and ${shops.length} ServiceRoutes`);
  await controlPlane.kubectl(['apply', '-f', '-'], list(namespaces()));
  await controlPlane.kubectl(
    ['apply', '-f', '-'],
    list([...shops.map((shop) => workload(shop)), ...shops.map(serviceOf)]),
  );
  await controlPlane.kubectl(['apply', '-f', '-'], list(shops.map((shop) => routeTo(shop, shop))));
  for (const team of new Set(shops.map((shop) => shop.namespace))) {
    for (let tries = 1; ; tries++) {
      const wait = ['wait', 'deployment', '--all', '-n', team, '--for=condition=Available', '--timeout=50s'];
      const ready = await controlPlane.kubectl(wait).then(
        () => true,
        () => false,
      );
      if (ready) break;
      if (tries === 12) throw new Error(`the Pods of ${team} are not ready after ten minutes`);
      say(`waiting for the Pods of ${team}`);
    }
    say(`the Pods of ${team} are ready`);
  }
}

export async function bringUp(world: World, say: Say): Promise<Figures['bringUp']> {
  say('applying the SharedBalancer');
  const { calls, writes, reads, seconds } = await costOf('bringUp', world, () =>
    world.controlPlane.kubectl(['apply', '-f', '-'], list([theBalancer()])),
  );
  const creates = calls.filter((call) => call.method === 'POST' && call.path.endsWith('/loadbalancers')).length;
  const neutronWrites = calls.filter((call) => call.service === 'neutron' && isWrite(call)).length;
  return { loadBalancerCreates: creates, otherWrites: writes - creates, reads, neutronWrites, seconds };
}

export function addressOf({ controlPlane }: World): Promise<string> {
  const path = 'jsonpath={.status.address}';
  return controlPlane.kubectl(['get', 'sharedbalancer', balancer.name, '-n', balancer.namespace, '-o', path]);
}

/** How many of the hosts are answered by the Pod behind their own Service. */
export async function askEveryHost({ lab }: World, address: string, say: Say): Promise<number> {
  say('asking every host');
  let answered = 0;
  for (const shop of shops) {
    const answer = await askUntilAnswered(lab, address, shop.host);
    const own =
      answer.pod.startsWith(`${shop.name}-`) && answer.namespace === shop.namespace && answer.host === shop.host;
    if (own) answered += 1;
    else say(`${shop.host} was answered by ${answer.namespace}/${answer.pod}`);
  }
  return answered;
}

const [first, second] = shops as readonly [(typeof shops)[0], (typeof shops)[0], ...typeof shops];
const newcomer = { name: 'newcomer', host: `new.${first.namespace}.example.com` };

export async function addRoute(world: World, address: string, say: Say): Promise<Figures['addRoute']> {
  say(`adding a route for ${newcomer.host}`);
  const { writes, reads } = await costOf('addRoute', world, () =>
    world.controlPlane.kubectl(['apply', '-f', '-'], list([routeTo(first, newcomer)])),
  );
  await askUntilAnswered(world.lab, address, newcomer.host);
  return { writes, reads };
}

export async function deleteRoute(world: World, say: Say): Promise<Figures['deleteRoute']> {
  say(`deleting the route for ${newcomer.host}`);
  const { writes } = await costOf('deleteRoute', world, () =>
    world.controlPlane.kubectl(['delete', 'serviceroute', newcomer.name, '-n', first.namespace]),
  );
  return { writes };
}

export async function removeNode(world: World, say: Say): Promise<Figures['removeNode']> {
  const [loadBalancer] = await world.view.loadBalancers();
  const name = world.nodes.nodes.at(-1)?.name ?? '';
  say(`deleting the Node ${name}`);
  const before = await world.view.members(loadBalancer?.id ?? '');
  const { writes } = await costOf('removeNode', world, () => world.controlPlane.kubectl(['delete', 'node', name]));
  const after = await world.view.members(loadBalancer?.id ?? '');
  return { writes, poolsChanged: [...after].filter(([pool, members]) => before.get(pool) !== members).length };
}

export async function powerOff(world: World, say: Say): Promise<Figures['failover']> {
  const [loadBalancer] = await world.view.loadBalancers();
  const before = await addressOf(world);
  await askUntilAnswered(world.lab, before, second.host);
  say('powering off the active machine of the pair');
  await world.lab.kill(`${loadBalancer?.name}:MASTER`, 'power');
  const outageSeconds = await outage(world.lab, before, second.host);
  const after = await addressOf(world);
  const answered = await ask(world.lab, after, second.host);
  await world.lab.revive(loadBalancer?.name ?? '');
  return { addressKept: before === after && answered !== undefined, outageSeconds };
}

/** From the start of the process until 20 s after it is ready. */
export async function restart(
  world: World,
  operator: OperatorProcess,
  say: Say,
): Promise<{ readonly figures: Figures['restart']; readonly operator: OperatorProcess }> {
  say('restarting the operator');
  await operator.stop();
  const since = await logPosition(world.lab.accessLog);
  const started = await startOperator(world.operator);
  await pause(20_000);
  const { writes, reads } = await costSince(world, since);
  return { figures: { writes, reads }, operator: started };
}
