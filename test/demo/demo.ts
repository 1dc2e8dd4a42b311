import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startOperator } from '../support/operator-process.ts';
import {
  addressOf,
  addRoute,
  askEveryHost,
  bringUp,
  deleteRoute,
  powerOff,
  removeNode,
  restart,
  setScene,
} from './acts.ts';
import { octaviaVersion } from '../openstack/cloud-view.ts';
import type { Figures } from './figures.ts';
import { writeEnvironment } from './kept.ts';
import { plainActs } from './plain-acts.ts';
import { shops } from './scene.ts';
import { closeWorld, openWorld, type World } from './world.ts';

/** `make demo`: fifty Services on one load balancer, on a real Kubernetes and a real Octavia. */

const build = join(import.meta.dirname, '../../build');
const began = performance.now();
const say = (line: string): void => console.log(`[${Math.round((performance.now() - began) / 1000)} s] ${line}`);
const keep = process.env['KEEP'] === '1';

async function play(world: World): Promise<Figures> {
  await setScene(world, say);
  const operator = await startOperator(world.operator);
  try {
    const up = await bringUp(world, say);
    say(`up with ${calls(up.loadBalancerCreates, 'create')} and ${calls(up.otherWrites, 'further write')} to Octavia`);
    console.log(await world.controlPlane.kubectl(['get', 'sharedbalancers,serviceroutes', '-A']));
    const address = await addressOf(world);
    const answered = await askEveryHost(world, address, say);
    say(`${answered} of ${shops.length} hosts are answered by their own Pod, all at ${address}`);
    const added = await addRoute(world, address, say);
    say(`it serves; that took ${calls(added.writes, 'write')}`);
    const deleted = await deleteRoute(world, say);
    say(`gone; that took ${calls(deleted.writes, 'write')}`);
    const removed = await removeNode(world, say);
    say(`members moved in ${removed.poolsChanged} pools; that took ${calls(removed.writes, 'write')}`);
    const failover = await powerOff(world, say);
    say(`traffic goes on at ${address}; nobody answered for ${failover.outageSeconds} s`);
    const restarted = await restart(world, operator, say);
    say(`back; that took ${calls(restarted.figures.writes, 'write')} and ${calls(restarted.figures.reads, 'read')}`);
    const loadBalancers = (await world.view.loadBalancers()).length;
    await restarted.operator.stop();
    say('second act: plain Services and an Ingress, by an operator that serves Services without a class');
    const flags = ['--claim-classless-services', '--allow-node-floating-ips'];
    await startOperator({ ...world.operator, flags });
    const plain = await plainActs(world, address, say);
    console.log(
      await world.controlPlane.kubectl([
        'get',
        'services,ingresses',
        '-A',
        '--field-selector',
        'metadata.namespace!=kube-system',
      ]),
    );
    return {
      kubernetes: await kubernetesVersion(world),
      octavia: await octaviaVersion(),
      services: shops.length,
      loadBalancers,
      bringUp: up,
      answered,
      addRoute: added,
      deleteRoute: deleted,
      removeNode: removed,
      failover,
      restart: restarted.figures,
      plain,
    };
  } finally {
    await world.view.close();
  }
}

function calls(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

const versionSchema = z.object({ body: z.object({ gitVersion: z.string() }) });

async function kubernetesVersion({ controlPlane }: World): Promise<string> {
  return versionSchema.parse(await controlPlane.request('GET', '/version')).body.gitVersion;
}

async function main(): Promise<void> {
  await mkdir(build, { recursive: true });
  say(keep ? 'setting up; it will be left running (KEEP=1)' : 'setting up');
  await closeWorld(() => undefined); // what an earlier demo left
  try {
    const world = await openWorld(keep ? 'kept' : 'harness', say);
    const figures = await play(world);
    await writeFile(join(build, 'demo.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
    if (keep) await writeEnvironment(join(build, 'demo.env'), world);
    console.log(`\n${figures.services} Services, ${calls(figures.loadBalancers, 'load balancer')}\n`);
    say('figures are in build/demo.json');
  } finally {
    if (!keep) await closeWorld(say);
  }
  if (keep) say('everything keeps running: source build/demo.env; make demo-down ends it');
}

await main();
