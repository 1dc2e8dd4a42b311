import { z } from 'zod';
import { waitFor } from '../../kubernetes/wait.ts';
import { echoImage } from '../../kubernetes/nodes/images.ts';
import type { Manifest } from '../../support/manifests.ts';
import type { World } from './world.ts';

/** Three Pods that are replaced one after the other, each only when a new one is ready, and end so many seconds after they are told to. */
export function deployment(name: string, preStopSeconds: number): Manifest {
  const container = {
    name: 'echo',
    image: echoImage,
    env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
    lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'team-a' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: preStopSeconds + 30, containers: [container] },
      },
    },
  };
}

export interface Pod {
  readonly name: string;
  readonly address: string;
}

const podsSchema = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), status: z.object({ podIP: z.string().default('') }) }),
  ),
});

/** The Pods of a Deployment, those that are about to end too. */
export async function podsOf({ cluster }: World, app: string): Promise<readonly Pod[]> {
  const text = await cluster.kubectl(['get', 'pods', '-n', 'team-a', '-l', `app=${app}`, '-o', 'json']);
  return podsSchema
    .parse(JSON.parse(text))
    .items.map(({ metadata, status }) => ({ name: metadata.name, address: status.podIP }));
}

export async function rolledOut({ cluster }: World, ...names: readonly string[]): Promise<void> {
  for (const name of names)
    await waitFor(`${name} is rolled out`, 300, async () => {
      const status = ['rollout', 'status', `deployment/${name}`, '-n', 'team-a', '--watch=false'];
      return (await cluster.kubectl(status)).includes('successfully rolled out') ? true : undefined;
    });
}
