import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { freePorts } from '../kubernetes/free-ports.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { callsSince, isWrite, logPosition } from '../openstack/access-log.ts';
import { installOctopool } from '../support/install.ts';
import { hostRoute, list, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { registerNode } from '../support/node-objects.ts';
import { type OperatorProcess, type OperatorProcessOptions, startOperator } from '../support/operator-process.ts';
import { type FakeProcess, startFakeProcess } from './support/fake-process.ts';

/**
 * The operator's process is killed at every single write of a bring-up, once before the cloud sees the write and once when it has done
 * it and its answer is on the way. The next process has to end where one that was never killed ends.
 */

const agent = 'octopool/';
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const hosts = ['one', 'two'];
let cluster: ControlPlane;
let fake: FakeProcess;
let options: OperatorProcessOptions;
let operator: OperatorProcess | undefined;

beforeAll(async () => {
  cluster = await startControlPlane({ progress });
  fake = await startFakeProcess(cluster.dir);
  const kubeconfig = await installOctopool(cluster);
  await fake.do({ do: 'node-ports', project: 'tenant-a', addresses: ['10.10.0.11', '10.10.0.12'] });
  await registerNode(cluster, { name: 'node-1', ip: '10.10.0.11' });
  await registerNode(cluster, { name: 'node-2', ip: '10.10.0.12' });
  const [port = 0] = await freePorts(1);
  options = {
    dir: cluster.dir,
    kubeconfig,
    cloudsYaml: fake.cloudsYaml,
    cloud: 'tenant-a',
    port,
    flags: ['--no-leader-election'],
  };
  const services = hosts.map((name, at) => nodePortService({ namespace: 'team-a', name, nodePort: 30_081 + at }));
  await cluster.kubectl(['apply', '-f', '-'], list([namespace('edge'), namespace('team-a'), ...services]));
}, 3_600_000);

afterAll(async () => {
  await operator?.kill();
  await fake?.stop();
  await cluster?.stop();
}, 120_000);

async function apply(): Promise<void> {
  const of = { namespace: 'team-a', balancer: 'public', balancerNamespace: 'edge' };
  const routes = hosts.map((name) => hostRoute({ ...of, name, host: `${name}.example.com`, service: name }));
  await cluster.kubectl(['apply', '-f', '-'], list([...routes, sharedBalancer({ namespace: 'edge', name: 'public' })]));
}

async function ready(): Promise<void> {
  await cluster.kubectl(['wait', 'sbal/public', '-n', 'edge', '--for=condition=Ready', '--timeout=240s']);
  await cluster.kubectl(['wait', 'svcr', '--all', '-n', 'team-a', '--for=condition=Ready', '--timeout=240s']);
  await waitFor('the nodes are in their security group', 60, async () =>
    JSON.stringify(await left()).includes('octopool-nodes') && (await attached()) === 2 ? true : undefined,
  );
}

const dumpSchema = z.object({
  neutron: z.object({
    ports: z.array(z.looseObject({ description: z.string(), security_groups: z.array(z.string()) })),
    floatingips: z.array(z.looseObject({ description: z.string() })),
    security_groups: z.array(z.looseObject({ name: z.string(), id: z.string() })),
    security_group_rules: z.array(z.looseObject({ description: z.string().nullable() })),
  }),
});

async function neutron() {
  return dumpSchema.parse(await fake.do({ do: 'dump' })).neutron;
}

const ours = (entries: readonly { readonly description: string | null }[]): number =>
  entries.filter(({ description }) => description?.startsWith('octopool') === true).length;

/** Objects of ours in Neutron, by kind. */
async function left(): Promise<Readonly<Record<string, number | string>>> {
  const all = await neutron();
  return {
    ports: ours(all.ports),
    floatingIPs: ours(all.floatingips),
    rules: ours(all.security_group_rules),
    groups: all.security_groups
      .filter(({ name }) => name.startsWith('octopool-nodes'))
      .map(({ name }) => name)
      .join(),
  };
}

async function attached(): Promise<number> {
  const all = await neutron();
  const group = all.security_groups.find(({ name }) => name.startsWith('octopool-nodes'));
  return all.ports.filter(({ security_groups: groups }) => group !== undefined && groups.includes(group.id)).length;
}

/** The tree and its tags; what differs from one SharedBalancer to the next that is made is left out. */
async function tree(): Promise<unknown> {
  const text = JSON.stringify(await fake.do({ do: 'tree' }))
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'id')
    .replaceAll(/#[0-9a-f]{6}/g, '#')
    .replaceAll(/octopool\.dev\/hash=[0-9a-f]+/g, 'hash')
    .replaceAll(/octopool\.dev\/claimed=\w+/g, 'claimed');
  const balancers = JSON.parse(text) as readonly { readonly pools: readonly unknown[] }[];
  return balancers.map((one) => ({
    ...one,
    pools: one.pools.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  }));
}

async function removeAll(): Promise<void> {
  await cluster.kubectl(['delete', 'svcr', '--all', '-n', 'team-a']);
  await cluster.kubectl(['delete', 'sbal', 'public', '-n', 'edge', '--timeout=240s']);
  await waitFor('nothing of ours is left in the cloud', 120, async () => {
    const { ports, floatingIPs, rules, groups } = await left();
    return ports === 0 && floatingIPs === 0 && rules === 0 && groups === '' ? true : undefined;
  });
}

test('killed at every single write of a bring-up, the next process ends in the same tree and leaks nothing', async () => {
  operator = await startOperator(options);
  const since = await logPosition(fake.accessLog);
  await apply();
  await ready();
  const whole = { tree: await tree(), left: await left() };
  const writes = (await callsSince(fake.accessLog, since, agent)).filter(isWrite);
  const ends: Record<string, unknown> = {};
  for (const [at, { method, path }] of writes.entries()) {
    for (const when of ['before', 'after'] as const) {
      await removeAll();
      await operator.stop();
      await fake.do({ do: 'fault', rule: { agent, writes: true, nth: at + 1, when, action: { kind: 'hold' } } });
      operator = await startOperator(options);
      await apply();
      await waitFor(`write ${at + 1} is on its way`, 120, async () =>
        (await fake.do({ do: 'held' })) === 1 ? true : undefined,
      );
      await operator.kill();
      await fake.do({ do: 'clear-faults' });
      operator = await startOperator(options);
      await ready();
      ends[`${when} ${at + 1} ${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '{id}')}`] = {
        tree: await tree(),
        left: await left(),
      };
    }
  }
  expect(writes.length).toBeGreaterThanOrEqual(7);
  expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((name) => [name, whole])));
  await removeAll();
}, 3_600_000);
