import { parse } from 'yaml';
import { z } from 'zod';
import { waitFor } from '../../kubernetes/wait.ts';
import { echoImage } from '../../kubernetes/nodes/images.ts';
import type { Manifest } from '../../support/manifests.ts';
import { fenced, pages } from '../../support/markdown.ts';
import type { World } from './world.ts';

const lifecycleSchema = z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) });
const deploymentSchema = z.object({
  kind: z.literal('Deployment'),
  spec: z.object({
    strategy: z.record(z.string(), z.unknown()),
    template: z.object({
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([z.object({ lifecycle: lifecycleSchema })]),
      }),
    }),
  }),
});

/** How the documentation says that Pods are exchanged and end. */
export interface Manners {
  readonly strategy: Manifest;
  readonly graceSeconds: number;
  readonly preStopSeconds: number;
}

export function documentedManners(): Manners {
  const page = pages().find(({ path }) => path === 'docs/tasks/rolling-updates.md');
  if (page === undefined) throw new Error('docs/tasks/rolling-updates.md is gone');
  const { strategy, template } = deploymentSchema.parse(parse(fenced(page, 'yaml')[0] ?? '')).spec;
  const [{ lifecycle }] = template.spec.containers;
  const preStopSeconds = lifecycle.preStop.sleep.seconds;
  return { strategy, graceSeconds: template.spec.terminationGracePeriodSeconds, preStopSeconds };
}

/** Pods that tell their name. */
export function deployment(name: string, { strategy, graceSeconds, preStopSeconds }: Manners, replicas = 3): Manifest {
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
      replicas,
      selector: { matchLabels: { app: name } },
      strategy,
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: graceSeconds, containers: [container] },
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
