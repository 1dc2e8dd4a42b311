import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCommand } from '../kubernetes/command.ts';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { echoImage } from '../kubernetes/nodes/images.ts';
import { type Nodes, startNodes } from '../kubernetes/nodes/start-nodes.ts';
import { stopLeftovers } from '../kubernetes/nodes/stop-nodes.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { list } from '../support/manifests.ts';

/** What the other suites stand on: nodes whose node ports are Kubernetes' own. They live in namespaces of their own here. */

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const settings = ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops'];
let cluster: ControlPlane;
let nodes: Nodes | undefined;
let before: readonly string[];

beforeAll(async () => {
  await stopLeftovers(); // or the settings of before would be those of nodes that a killed harness left
  before = await readSettings();
  cluster = await startControlPlane({ nodes: 'real', progress });
  nodes = await startNodes(cluster, { count: 3, progress });
}, 3_600_000);
afterAll(async () => {
  await nodes?.stop();
  await cluster?.stop();
}, 180_000);

function readSettings(): Promise<readonly string[]> {
  return Promise.all(settings.map(async (name) => (await readFile(`/proc/sys/${name}`, 'utf8')).trim()));
}

function field(path: string) {
  return { valueFrom: { fieldRef: { fieldPath: path } } };
}

const workload = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 2,
        nodeSelector: { 'kubernetes.io/hostname': 'node-1' },
        containers: [
          {
            name: 'echo',
            image: echoImage,
            env: [
              { name: 'POD_NAME', ...field('metadata.name') },
              { name: 'POD_NAMESPACE', ...field('metadata.namespace') },
            ],
            readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};
const service = (name: string, more: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...more },
});

async function curl(url: string): Promise<string> {
  const args = ['netns', 'exec', nodes?.clientNamespace ?? '', 'curl', '-s', '-m', '3', url];
  return runCommand({ program: 'ip', args }).catch(() => '');
}

test('each node answers on a node port with what the Pod saw', async () => {
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerClass: 'example.com/none' };
  await cluster.kubectl(
    ['apply', '-f', '-'],
    list([workload, service('web', { type: 'NodePort' }), service('local', local)]),
  );
  await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=55s']);
  const port = await cluster.kubectl(['get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].nodePort}']);
  for (const { ip } of nodes?.nodes ?? []) {
    const text = await waitFor(
      `${ip} answers`,
      60,
      async () => (await curl(`http://${ip}:${port}/a?b=c`)) || undefined,
    );
    const answer = JSON.parse(text) as { pod: string; namespace: string; host: string; path: string; headers: object };
    expect({ ...answer, pod: answer.pod.slice(0, 4), headers: Object.keys(answer.headers).toSorted() }).toEqual({
      pod: 'web-',
      namespace: 'default',
      host: `${ip}:${port}`,
      path: '/a?b=c',
      headers: ['accept', 'user-agent'],
    });
  }
}, 300_000);

test('the health-check port of externalTrafficPolicy Local tells which node has a Pod', async () => {
  const port = await cluster.kubectl(['get', 'service', 'local', '-o', 'jsonpath={.spec.healthCheckNodePort}']);
  // kube-proxy learns of endpoints after the Deployment is told ready: the counts are right in the end
  const counts = await waitFor('the counts of all nodes', 120, async () => {
    const answers = await Promise.all((nodes?.nodes ?? []).map(({ ip }) => curl(`http://${ip}:${port}/healthz`)));
    const now = answers.map((text) => /"localEndpoints":\s*(\d+)/.exec(text)?.[1]);
    return now.join() === '2,0,0' ? now : undefined;
  });
  expect(counts).toEqual(['2', '0', '0']);
}, 180_000);

test('kubectl logs reaches a Pod through the API server', async () => {
  expect(typeof (await cluster.kubectl(['logs', 'deployment/web']))).toBe('string');
}, 60_000);

test('nothing is left when the nodes have stopped', async () => {
  const namespace = nodes?.clientNamespace ?? 'none';
  const pods = (await cluster.kubectl(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}'])).split(' ');
  expect(await processesOf(pods)).toHaveLength(2);
  await nodes?.stop();
  nodes = undefined;
  expect(await processesOf(pods)).toEqual([]);
  expect(await runCommand({ program: 'ip', args: ['netns', 'list'] })).not.toContain(namespace);
  expect(await readFile('/proc/mounts', 'utf8')).not.toContain('octopool-nodes');
  expect(await readSettings()).toEqual(before);
}, 180_000);

/** Pids of what runs in Pods: a container's host is called as its Pod. */
async function processesOf(pods: readonly string[]): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  const hosts = pods.map((pod) => `HOSTNAME=${pod}`);
  return pids.filter((_, at) => environments[at]?.split('\0').some((one) => hosts.includes(one)));
}
