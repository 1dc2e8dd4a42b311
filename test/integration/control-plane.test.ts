import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../kubernetes/command.ts';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import { established } from '../kubernetes/established.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';

const crd = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'pears.fruit.example' },
  spec: {
    group: 'fruit.example',
    scope: 'Namespaced',
    names: { plural: 'pears', singular: 'pear', kind: 'Pear' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { size: { type: 'integer' } },
            'x-kubernetes-validations': [{ rule: 'self.size > 0', message: 'size must be positive' }],
          },
        },
      },
    ],
  },
});
const pear = (size: number): string =>
  JSON.stringify({ apiVersion: 'fruit.example/v1', kind: 'Pear', metadata: { name: 'conference' }, size });

describe('a control plane for tests', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await startControlPlane({ auditLog: 'on', progress: (line) => process.stderr.write(`${line}\n`) });
  }, 3_600_000);
  afterAll(async () => cluster?.stop(), 60_000);

  test('is ready, and has the default ServiceAccount', async () => {
    expect(await cluster.request('GET', '/readyz')).toEqual({ status: 200, body: 'ok' });
    expect(await cluster.kubectl(['get', 'sa', 'default', '-o', 'name'])).toBe('serviceaccount/default\n');
  }, 60_000);

  test('refuses by CEL what a custom resource must not be, with its message', async () => {
    await cluster.kubectl(['apply', '-f', '-'], crd);
    await established(cluster, ['pears.fruit.example']);
    expect(await cluster.kubectl(['create', '-f', '-', '-o', 'name'], pear(1))).toBe('pear.fruit.example/conference\n');
    await expect(cluster.kubectl(['replace', '-f', '-'], pear(0))).rejects.toThrow('size must be positive');
  }, 120_000);

  test('gives a ServiceAccount the rights of its role and no others', async () => {
    await cluster.kubectl(['create', 'role', 'reader', '--verb=list', '--resource=services']);
    await cluster.kubectl(['create', 'rolebinding', 'reader', '--role=reader', '--serviceaccount=default:default']);
    const kubeconfig = await cluster.serviceAccountKubeconfig('default', 'default');
    const asAccount = (resource: string) =>
      runCommand({
        program: join(cluster.bin, 'kubectl'),
        args: ['get', resource, '-o', 'name'],
        env: { KUBECONFIG: kubeconfig },
      });
    expect(await asAccount('services')).toBe('service/kubernetes\n');
    await expect(asAccount('secrets')).rejects.toThrow('forbidden');
    expect(await readFile(cluster.auditLogPath, 'utf8')).toContain('system:serviceaccount:default:default');
  }, 120_000);
});
