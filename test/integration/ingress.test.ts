import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeOpenStack, startFakeOpenStack } from '../fake-openstack/fake-openstack.ts';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { freePorts } from '../kubernetes/free-ports.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { hostIngress, ingressClass } from '../support/ingress-manifests.ts';
import { installOctopool } from '../support/install.ts';
import { list, type Manifest, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { registerNode } from '../support/node-objects.ts';
import { type OperatorProcess, startOperator } from '../support/operator-process.ts';

/** What people see of an Ingress with kubectl, on a real kube-apiserver, from an operator with the rights that ship. */

let cluster: ControlPlane;
let fake: FakeOpenStack;
let operator: OperatorProcess | undefined;

beforeAll(async () => {
  fake = await startFakeOpenStack();
  cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  const kubeconfig = await installOctopool(cluster);
  fake.do({ do: 'node-ports', project: 'tenant-a', addresses: ['10.10.0.11'] });
  await registerNode(cluster, { name: 'node-1', ip: '10.10.0.11' });
  const { dir } = cluster;
  const [port = 0] = await freePorts(1);
  const cloudsYaml = await fake.writeCloudsYaml(dir);
  await apply(
    ...['edge', 'team-a', 'team-b'].map(namespace),
    ...['team-a', 'team-b'].map((team) => nodePortService({ namespace: team, name: 'web' })),
    sharedBalancer({ namespace: 'edge', name: 'public' }),
    ingressClass(),
  );
  operator = await startOperator({ dir, kubeconfig, cloudsYaml, cloud: 'tenant-a', port });
}, 3_600_000);

afterAll(async () => {
  await operator?.stop();
  await cluster?.stop();
  await fake?.stop();
}, 120_000);

async function apply(...manifests: readonly Manifest[]): Promise<void> {
  await cluster.kubectl(['apply', '-f', '-'], list(manifests));
}

/** The columns of `kubectl get ingress`, by their heads. */
async function columns(team: string, name: string): Promise<Readonly<Record<string, string>>> {
  const [heads = '', line = ''] = (await cluster.kubectl(['get', 'ingress', name, '-n', team])).split('\n');
  const starts = [...heads.matchAll(/\S+/g)].map(({ index }) => index);
  return Object.fromEntries(
    starts.map((start, at) => [heads.slice(start, starts[at + 1]).trim(), line.slice(start, starts[at + 1]).trim()]),
  );
}

/** `198.51.100.7 80 octopool.dev/HostnameConflict` */
function portsOf(team: string, name: string): Promise<string> {
  const template = '{range .status.loadBalancer.ingress[*]}{.ip}{range .ports[*]} {.port} {.error}{end}{end}';
  return cluster.kubectl(['get', 'ingress', name, '-n', team, '-o', `jsonpath=${template}`]);
}

/** `Warning UnsafeString` and so on, as `kubectl describe` shows below the object. */
async function described(team: string, name: string): Promise<readonly string[]> {
  const text = await cluster.kubectl(['describe', 'ingress', name, '-n', team]);
  const [, events = ''] = text.split('\nEvents:');
  return [...events.matchAll(/^ +(Normal|Warning) +(\w+)/gm)].map(([, type, reason]) => `${type} ${reason}`);
}

function patch(name: string, body: object, ...more: readonly string[]): Promise<string> {
  const said = ['--type=merge', '-p', JSON.stringify(body), ...more];
  return cluster.kubectl(['patch', 'ingress', name, '-n', 'team-a', ...said]);
}

const good = hostIngress({ namespace: 'team-a', name: 'shop', host: 'shop.example.com', paths: { '/': 'web' } });

test('an Ingress of the class has the address of the balancer in kubectl get, and says so in its events', async () => {
  await apply(good);
  const address = await waitFor('an address', 120, async () => {
    const { ADDRESS = '' } = await columns('team-a', 'shop');
    return ADDRESS === '' ? undefined : ADDRESS;
  });
  const balancer = await cluster.kubectl(['get', 'sbal', 'public', '-n', 'edge', '-o', 'jsonpath={.status.address}']);
  expect(address).toBe(balancer);
  expect(await columns('team-a', 'shop')).toMatchObject({ CLASS: 'shared', HOSTS: 'shop.example.com', PORTS: '80' });
  expect(await portsOf('team-a', 'shop')).toBe(`${address} 80 `);
  const events = await waitFor('an event', 60, async () => {
    const found = await described('team-a', 'shop');
    return found.length > 0 ? found : undefined;
  });
  expect(events).toEqual(['Normal Attached']);
}, 300_000);

test('a bad path is told in an event and as the error of the port, while the good one is served', async () => {
  const paths = { '/': 'web', '/a&b': 'web' };
  await apply(hostIngress({ namespace: 'team-a', name: 'odd', host: 'odd.example.com', paths }));
  await waitFor('the error of the port', 120, async () =>
    (await portsOf('team-a', 'odd')).endsWith(' 80 octopool.dev/UnsafeString') ? true : undefined,
  );
  const told = await waitFor('the events', 60, async () => {
    const found = await described('team-a', 'odd');
    return found.length > 0 ? found : undefined;
  });
  expect(told).toEqual(['Warning UnsafeString']);
  const rules = fake.world.octavia.tables.l7rule.all().map(({ value }) => value);
  expect(rules).toContain(String.raw`^odd\.example\.com(:[0-9]+)?$`);
  await apply(hostIngress({ namespace: 'team-a', name: 'odd', host: 'odd.example.com', paths: { '/': 'web' } }));
  await waitFor('the error to go', 120, async () =>
    (await portsOf('team-a', 'odd')).endsWith(' 80 ') ? true : undefined,
  );
}, 300_000);

test('a host of another namespace is told to its loser, and with both names on the balancer alone', async () => {
  await apply(hostIngress({ namespace: 'team-b', name: 'thief', host: 'shop.example.com', paths: { '/x': 'web' } }));
  await waitFor('the error of the port', 120, async () =>
    (await portsOf('team-b', 'thief')).endsWith(' 80 octopool.dev/HostnameConflict') ? true : undefined,
  );
  const notes = await waitFor('the event of the balancer', 60, async () => {
    const found = await cluster.kubectl([
      'events',
      '-n',
      'edge',
      '--for',
      'sharedbalancer/public',
      '--types',
      'Warning',
    ]);
    return found.includes('HostnameConflict') ? found : undefined;
  });
  expect(notes).toContain('Ingress team-b/thief asks for hostname shop.example.com, which Ingress team-a/shop holds.');
}, 300_000);

test('an Ingress whose class leads nowhere learns why, and is served when the class is corrected', async () => {
  const parameters = { kind: 'ConfigMap', scope: 'Namespace', namespace: 'edge', name: 'public' };
  const wrong = { ...ingressClass('wrong'), spec: { controller: 'octopool.dev/ingress', parameters } };
  const { metadata, spec, ...rest } = good;
  const lost = {
    ...rest,
    metadata: { ...(metadata as object), name: 'lost' },
    spec: { ...(spec as object), ingressClassName: 'wrong' },
  };
  await apply(wrong, lost);
  const events = await waitFor('an event', 60, async () => {
    const found = await described('team-a', 'lost');
    return found.length > 0 ? found : undefined;
  });
  expect(events).toEqual(['Warning NoBalancer']);
  await apply(ingressClass('wrong'));
  // the same host and path as of an Ingress that is served
  await waitFor('a port', 120, async () =>
    (await portsOf('team-a', 'lost')).endsWith(' 80 octopool.dev/RuleConflict') ? true : undefined,
  );
}, 300_000);

test('an Ingress that goes to another controller loses our address, and keeps what the other one writes', async () => {
  const moving = ['moved', 'taken'].map((name) =>
    hostIngress({ namespace: 'team-a', name, host: `${name}.example.com`, paths: { '/': 'web' } }),
  );
  await apply(...moving);
  for (const name of ['moved', 'taken'])
    await waitFor(`an address of ${name}`, 120, async () =>
      (await portsOf('team-a', name)) === '' ? undefined : true,
    );
  for (const name of ['moved', 'taken']) await patch(name, { spec: { ingressClassName: 'elsewhere' } });
  const theirs = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } } };
  await patch('taken', theirs, '--subresource=status');
  await waitFor('the address to go', 120, async () => ((await portsOf('team-a', 'moved')) === '' ? true : undefined));
  expect(await portsOf('team-a', 'taken')).toBe('192.0.2.9');
}, 300_000);
