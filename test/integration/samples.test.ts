import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { installOctopool } from '../support/install.ts';
import { list, namespace } from '../support/manifests.ts';
import { outOfBounds } from './bounds.ts';
import type { Mistake } from './mistake.ts';
import { mistakes } from './mistakes.ts';
import { serviceRouteSpecSchema } from '../../operator/api/v1alpha1/service-route.ts';
import { sharedBalancerSpecSchema } from '../../operator/api/v1alpha1/shared-balancer.ts';

/** What a real kube-apiserver makes of our custom resources: the samples, and every mistake that it can see. */

const samples = join(import.meta.dirname, '../../samples');
const listSchema = z.object({ items: z.array(z.object({ kind: z.string(), spec: z.unknown() })) });
let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  await installOctopool(cluster);
  await cluster.kubectl(['apply', '-f', '-'], list(['edge', 'team-a', 'team-b'].map(namespace)));
}, 3_600_000);
afterAll(async () => cluster?.stop(), 60_000);

test.each(readdirSync(samples))(
  'samples/%s is accepted, and read by the operator as the API server stores it',
  async (file) => {
    await cluster.kubectl(['apply', '-f', join(samples, file)]);
    // named twice, so that also a file with one object is answered with a List
    const stored = await cluster.kubectl(['get', '-o', 'json', '-f', join(samples, file), '-f', join(samples, file)]);
    const { items } = listSchema.parse(JSON.parse(stored));
    expect(items.length).toBeGreaterThan(0);
    for (const { kind, spec } of items) {
      if (kind === 'SharedBalancer') expect(sharedBalancerSpecSchema.parse(spec)).toEqual(spec);
      if (kind === 'ServiceRoute') expect(serviceRouteSpecSchema.parse(spec)).toEqual(spec);
    }
  },
  120_000,
);

test.each(mistakes)(
  '$kind: $what is refused at admission and by the operator with the same sentence',
  async ({ kind, spec, message }) => {
    await expect(create(kind, spec)).rejects.toThrow(message);
    expect(issuesOf(kind, spec).map((issue) => issue.message)).toContain(message);
  },
  60_000,
);

test.each(outOfBounds)(
  '$kind: $what is refused at admission and by the operator at the same field',
  async ({ kind, spec, field }) => {
    await expect(create(kind, spec)).rejects.toThrow(`${field}: `);
    expect(issuesOf(kind, spec).map((issue) => fieldPath(issue.path))).toContain(field);
  },
  60_000,
);

test('what must not change is refused with what to do instead', async () => {
  const sbal = {
    apiVersion: 'octopool.dev/v1alpha1',
    kind: 'SharedBalancer',
    metadata: { name: 'fixed', namespace: 'edge' },
  };
  await cluster.kubectl(
    ['create', '-f', '-'],
    JSON.stringify({ ...sbal, spec: { placement: { provider: 'amphora' } } }),
  );
  const moved = JSON.stringify({ ...sbal, spec: { placement: { provider: 'ovn' } } });
  await expect(cluster.kubectl(['apply', '-f', '-'], moved)).rejects.toThrow(
    'placement is immutable; create a second SharedBalancer',
  );
  const patch = [
    'patch',
    'svcr',
    'shop',
    '-n',
    'team-a',
    '--type=merge',
    '-p',
    '{"spec":{"balancerRef":{"name":"other"}}}',
  ];
  await expect(cluster.kubectl(patch)).rejects.toThrow(
    'balancerRef is immutable; create a second route, then delete this one',
  );
}, 120_000);

test('kubectl get shows what its reader needs, and routes are found by their balancer', async () => {
  expect(header(await cluster.kubectl(['get', 'sbal', '-n', 'edge']))).toEqual([
    'NAME',
    'ADDRESS',
    'ROUTES',
    'READY',
    'REASON',
    'AGE',
  ]);
  expect(header(await cluster.kubectl(['get', 'svcr', '-n', 'team-a']))).toEqual([
    'NAME',
    'BALANCER',
    'HOSTNAMES',
    'PORT',
    'READY',
    'REASON',
    'AGE',
  ]);
  const found = await cluster.kubectl(['get', 'svcr', '-A', '--field-selector', 'spec.l4.port=30432', '-o', 'name']);
  expect(found).toBe('serviceroute.octopool.dev/postgres\n');
  expect(await cluster.kubectl(['get', 'octopool', '-A', '-o', 'name'])).toContain(
    'sharedbalancer.octopool.dev/public\n',
  );
}, 120_000);

function create(kind: Mistake['kind'], spec: unknown): Promise<string> {
  const object = { apiVersion: 'octopool.dev/v1alpha1', kind, metadata: { name: 'wrong', namespace: 'edge' }, spec };
  return cluster.kubectl(['create', '-f', '-'], JSON.stringify(object));
}

function issuesOf(kind: Mistake['kind'], spec: unknown): readonly z.core.$ZodIssue[] {
  const schema = kind === 'SharedBalancer' ? sharedBalancerSpecSchema : serviceRouteSpecSchema;
  return schema.safeParse(spec).error?.issues ?? [];
}

/** As the API server writes it. */
function fieldPath(path: readonly PropertyKey[]): string {
  return ['spec', ...path].reduce<string>(
    (so, step) => (typeof step === 'number' ? `${so}[${step}]` : so === '' ? String(step) : `${so}.${String(step)}`),
    '',
  );
}

function header(text: string): readonly string[] {
  return (text.split('\n')[0] ?? '').split(/\s+/).filter((word) => word !== '');
}
