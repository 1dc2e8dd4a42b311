import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';

const overlay = join(import.meta.dirname, '../image/overlay');
const home = 'octopool-system';

export interface OperatorPod {
  readonly name: string;
  readonly container: string;
  readonly node: string;
  readonly ready: boolean;
  readonly restarts: number;
}

/** The Deployment that ships, as a person who installs it handles it. */
export interface Shipped {
  install(cloudsYaml: string): Promise<void>;
  /** Exchanges the Secret, and answers when every Pod sees the new one. */
  exchangeCredentials(cloudsYaml: string): Promise<void>;
  /** Answers when there are so many Pods, all Ready, and none that is still ending. */
  ready(count: number): Promise<readonly OperatorPod[]>;
  /** `holderIdentity` of the Lease: the Pod's name, `_`, and a part that each process makes for itself. */
  holder(): Promise<string>;
  /** What a script of Node prints inside a Pod. */
  inside(pod: string, script: string): Promise<string>;
  /** SIGKILL to its process, from outside of the Pod; the kubelet starts another in the same Pod. */
  kill(pod: OperatorPod): Promise<void>;
  scale(replicas: number): Promise<void>;
}

const containerSchema = z.object({
  ready: z.boolean(),
  restartCount: z.number(),
  containerID: z.string().default(''),
});
const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ nodeName: z.string().default('') }),
      status: z.object({
        containerStatuses: z.array(containerSchema).default([]),
      }),
    }),
  ),
});

export function shipped({ kubectl }: ControlPlane): Shipped {
  const pods = async (): Promise<readonly OperatorPod[]> => {
    const text = await kubectl(['get', 'pods', '-n', home, '-l', 'app.kubernetes.io/name=octopool', '-o', 'json']);
    return podsSchema.parse(JSON.parse(text)).items.map(({ metadata, spec, status }) => ({
      ...metadata,
      container: status.containerStatuses[0]?.containerID.replace('containerd://', '') ?? '',
      node: spec.nodeName,
      ready: status.containerStatuses.length > 0 && status.containerStatuses.every((one) => one.ready),
      restarts: status.containerStatuses.reduce((sum, one) => sum + one.restartCount, 0),
    }));
  };
  const ready: Shipped['ready'] = (count) =>
    waitFor(`${count} Pods of the operator are Ready`, 240, async () => {
      const all = await pods();
      return all.length === count && all.every((pod) => pod.ready) ? all : undefined;
    });
  const inside: Shipped['inside'] = (pod, script) => kubectl(['exec', '-n', home, pod, '--', 'node', '-e', script]);
  const writeSecret = async (cloudsYaml: string): Promise<void> => {
    const metadata = { name: 'octopool-cloud', namespace: home };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { 'clouds.yaml': cloudsYaml } };
    await kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(secret));
  };
  return {
    install: async (cloudsYaml) => {
      await kubectl(['apply', '--server-side', '-k', overlay]);
      await writeSecret(cloudsYaml);
      await ready(2);
    },
    exchangeCredentials: async (cloudsYaml) => {
      await writeSecret(cloudsYaml);
      const read = "process.stdout.write(require('fs').readFileSync('/etc/octopool/clouds.yaml', 'utf8'))";
      for (const { name } of await pods())
        await waitFor(`${name} sees the new Secret`, 240, async () =>
          (await inside(name, read)) === cloudsYaml ? true : undefined,
        );
    },
    ready,
    holder: () => kubectl(['get', 'lease', 'octopool-operator', '-n', home, '-o', 'jsonpath={.spec.holderIdentity}']),
    inside,
    kill: async ({ name, container }) => {
      const pid = await processOf(container);
      if (pid === undefined) throw new Error(`no process of ${name} runs`);
      process.kill(pid, 'SIGKILL');
    },
    scale: async (replicas) => {
      await kubectl(['scale', 'deployment', 'octopool-operator', '-n', home, `--replicas=${replicas}`]);
      await ready(replicas);
    },
  };
}

/** A container's first process, by the name of its cgroup. */
async function processOf(container: string): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [cgroups, command] = await Promise.all(
      ['cgroup', 'cmdline'].map((file) => readFile(join('/proc', pid, file), 'utf8').catch(() => '')),
    );
    if (cgroups?.includes(container) && command?.includes('octopool.mjs')) return Number(pid);
  }
  return undefined;
}
