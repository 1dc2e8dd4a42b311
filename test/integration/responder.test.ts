import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { z } from 'zod';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { list, namespace } from '../support/manifests.ts';

/** What a real kube-apiserver makes of the responder as it ships: beside the operator, and beside a balancer elsewhere. */

const repository = join(import.meta.dirname, '../..');
const label = 'app.kubernetes.io/name=octopool-responder';
let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  await cluster.kubectl(['apply', '-f', '-'], list([namespace('edge')]));
  await cluster.kubectl(['label', 'namespace', 'edge', 'pod-security.kubernetes.io/enforce=restricted']);
}, 3_600_000);
afterAll(async () => cluster?.stop(), 60_000);

/** A kustomization of a person's own: the base, and the component added to it. */
async function baseWithResponder(): Promise<string> {
  const folder = join(cluster.dir, 'overlay');
  await mkdir(folder);
  const shipped = (path: string) => relative(folder, join(repository, 'deploy/kustomize', path));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [shipped('base')],
    components: [shipped('components/responder')],
  };
  await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization));
  return folder;
}

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        volumes: z.array(z.unknown()).default([]),
        containers: z.array(z.object({ image: z.string(), args: z.array(z.string()) })),
      }),
    }),
  ),
});

/** The Pods that the Deployment gets from an API server that admits restricted Pods only. */
function admitted(home: string): Promise<z.infer<typeof podsSchema>['items']> {
  return waitFor(`two Pods of the responder are admitted in ${home}`, 60, async () => {
    const { items } = podsSchema.parse(
      JSON.parse(await cluster.kubectl(['get', 'pods', '-n', home, '-l', label, '-o', 'json'])),
    );
    return items.length === 2 ? items : undefined;
  });
}

test('with the base it is accepted whole, its Pods are admitted as restricted ones, and the objects of the operator do not select them', async () => {
  const said = await cluster.kubectl(['apply', '--server-side', '-k', await baseWithResponder()]);
  const applied = said.split('\n').filter((line) => line.includes('octopool-responder'));
  expect(applied.toSorted()).toEqual([
    'deployment.apps/octopool-responder serverside-applied',
    'poddisruptionbudget.policy/octopool-responder serverside-applied',
    'service/octopool-responder serverside-applied',
  ]);
  expect(said).toContain('deployment.apps/octopool-operator serverside-applied');
  const pods = await admitted('octopool-system');
  expect(pods.map(({ spec }) => spec)).toEqual(
    [1, 2].map(() => ({ volumes: [], containers: [{ image: 'octopool:latest', args: ['responder'] }] })),
  );
  const operators = ['get', 'pods', '-n', 'octopool-system', '-l', 'app.kubernetes.io/name=octopool', '-o', 'name'];
  expect(await cluster.kubectl(operators)).not.toContain('responder');
}, 180_000);

test('its Service is what a defaultBackend names: port 80, with a node port', async () => {
  const path = 'jsonpath={.spec.type} {.spec.ports[*].name} {.spec.ports[*].port} {.spec.ports[*].nodePort}';
  const service = ['get', 'service', 'octopool-responder', '-n', 'octopool-system', '-o', path];
  expect(await cluster.kubectl(service)).toMatch(/^NodePort http 80 3\d{4}$/);
}, 60_000);

test('the example puts it into the namespace of a balancer, alone', async () => {
  const said = await cluster.kubectl(['apply', '--server-side', '-k', join(repository, 'deploy/examples/responder')]);
  expect(said.trim().split('\n').toSorted()).toEqual([
    'deployment.apps/octopool-responder serverside-applied',
    'poddisruptionbudget.policy/octopool-responder serverside-applied',
    'service/octopool-responder serverside-applied',
  ]);
  const [pod] = await admitted('edge');
  expect(pod?.spec.containers).toEqual([{ image: 'registry.example.com/octopool:0.1.0', args: ['responder'] }]);
}, 180_000);
