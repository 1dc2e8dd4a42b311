import { z } from 'zod';
import { runCommand } from '../kubernetes/command.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { list, type Manifest } from '../support/manifests.ts';
import type { Say } from './acts.ts';
import type { Figures } from './figures.ts';
import {
  ingress,
  ingressHosts,
  ingressObjects,
  nodePortService,
  onNodePorts,
  pooled,
  pooledPort,
  pooledService,
  tutorial,
  tutorialPods,
} from './plain-scene.ts';
import { ask, askUntilAnswered } from './traffic.ts';
import type { World } from './world.ts';

/** The second act: what a cluster already has, served as it stands. */
export async function plainActs(world: World, address: string, say: Say): Promise<Figures['plain']> {
  return {
    internal: await internal(world, say),
    nodePort: await nodePort(world, say),
    ingressHosts: await hostsOfIngress(world, address, say),
    pooled: await onSharedBalancer(world, address, say),
  };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** A tutorial's manifest with its mistakes: each is told, and it serves once the Pods are right. The manifest is never touched. */
async function internal(world: World, say: Say): Promise<boolean> {
  const nginx = { namespace: 'default', name: 'nginx' };
  say("applying a tutorial's Service with a selector that matches no Pod");
  await world.controlPlane.kubectl(['apply', '-f', '-'], tutorial);
  await backendsAre(world, nginx, 'NoEndpoints');
  const address = await addressOf(world, nginx);
  say(`it is at ${address}, and NoEndpoints names the selector; starting Pods that match and declare one of two ports`);
  await applied(world, [tutorialPods('http')]);
  await backendsAre(world, nginx, 'TargetPortNotFound');
  say('TargetPortNotFound names the port that none declares; declaring both');
  await applied(world, [tutorialPods('both')]);
  const [node] = world.nodes.nodes;
  const inside = (port: number) =>
    waitFor(`${address}:${port} is answered inside of the network`, 300, async () => {
      const args = ['netns', 'exec', node?.namespace ?? '', 'curl', '-s', '-m', '5', `http://${address}:${port}/`];
      const text = await runCommand({ program: 'ip', args }).catch(() => '');
      return text.startsWith('{') ? true : undefined;
    });
  const answered = (await inside(80)) && (await inside(443));
  say(`it serves on both ports of ${address}, an address of the nodes' network`);
  return answered;
}

async function nodePort(world: World, say: Say): Promise<boolean> {
  say('applying a NodePort Service that asks for a public address of a node');
  await applied(world, [onNodePorts]);
  const told = await waitFor('the Service is told where it is reached', 300, async () => {
    const { status, message } = await conditionOf(world, nodePortService, 'NodePortReachable');
    return status === 'True' ? message : undefined;
  });
  say(told);
  const address = /\d+\.\d+\.\d+\.\d+/.exec(told)?.[0] ?? '';
  const port = await field(world, 'service', nodePortService, '{.spec.ports[0].nodePort}');
  const answer = await waitFor(`${address}:${port} is answered`, 600, () =>
    ask(world.lab, `${address}:${port}`, address),
  );
  return answer.namespace === nodePortService.namespace;
}

async function hostsOfIngress(world: World, address: string, say: Say): Promise<boolean> {
  say(`applying an Ingress with ${ingressHosts.length} hosts`);
  await applied(world, ingressObjects);
  for (const host of ingressHosts) {
    const answer = await askUntilAnswered(world.lab, address, host);
    if (answer.host !== host || answer.namespace !== ingress.namespace) return false;
  }
  const published = await waitFor('the Ingress has an address', 300, async () => {
    const text = await field(world, 'ingress', ingress, '{.status.loadBalancer.ingress[*].ip}');
    return text === '' ? undefined : text;
  });
  say(`its hosts are answered at ${published}`);
  return published.split(' ').includes(address);
}

async function onSharedBalancer(world: World, address: string, say: Say): Promise<boolean> {
  say('applying a LoadBalancer Service that shares the balancer');
  await applied(world, [pooled]);
  const at = await addressOf(world, pooledService);
  const answer = await askUntilAnswered(world.lab, `${address}:${pooledPort}`, 'pooled.example.com');
  say(`it is answered at ${at}:${pooledPort}`);
  return at === address && answer.namespace === pooledService.namespace;
}

function applied({ controlPlane }: World, objects: readonly Manifest[]): Promise<string> {
  return controlPlane.kubectl(['apply', '-f', '-'], list(objects));
}

function backendsAre(world: World, service: Named, reason: string): Promise<true> {
  return waitFor(`${service.name} is told ${reason}`, 600, async () =>
    (await conditionOf(world, service, 'BackendsHealthy')).reason === reason ? true : undefined,
  );
}

function addressOf(world: World, service: Named): Promise<string> {
  return waitFor(`${service.name} has an address`, 600, async () => {
    const text = await field(world, 'service', service, '{.status.loadBalancer.ingress[0].ip}');
    return text === '' ? undefined : text;
  });
}

const conditionsSchema = z.array(
  z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }),
);

async function conditionOf(world: World, service: Named, type: string) {
  const text = await field(world, 'service', service, '{.status.conditions}');
  const all = text === '' ? [] : conditionsSchema.parse(JSON.parse(text));
  return all.find((one) => one.type === `octopool.dev/${type}`) ?? { status: '', reason: '', message: '' };
}

function field({ controlPlane }: World, kind: string, { namespace, name }: Named, path: string): Promise<string> {
  return controlPlane.kubectl(['get', kind, name, '-n', namespace, '-o', `jsonpath=${path}`]);
}
