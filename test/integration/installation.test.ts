import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { installOctopool } from '../support/install.ts';
import { list, namespace } from '../support/manifests.ts';
import { fenced, pages, repository } from '../support/markdown.ts';

/** What a platform team applies beside the operator: the example of an installation, the roles for people, the policy of docs/security.md. */

let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  await installOctopool(cluster);
  await cluster.kubectl(['apply', '-f', '-'], list(['edge', 'team-a'].map(namespace)));
  const bind = (user: string, role: string, where: string) =>
    cluster.kubectl(['create', 'rolebinding', user, `--user=${user}`, `--clusterrole=${role}`, '-n', where]);
  await bind('reader', 'view', 'team-a');
  await bind('developer', 'edit', 'team-a');
  await bind('platform', 'octopool-balancers-edit', 'edge');
  // Kubernetes' roles take others in by a controller of their own
  await waitFor('the role edit has taken in what ships', 60, async () =>
    (await may('developer', 'create', 'serviceroutes', 'team-a')) ? true : undefined,
  );
}, 3_600_000);
afterAll(async () => cluster?.stop(), 60_000);

test.each<[string, string, string, string, boolean]>([
  ['reader', 'list', 'serviceroutes', 'team-a', true],
  ['reader', 'create', 'serviceroutes', 'team-a', false],
  ['developer', 'delete', 'serviceroutes', 'team-a', true],
  ['developer', 'get', 'sharedbalancers', 'team-a', true],
  ['developer', 'create', 'sharedbalancers', 'team-a', false],
  ['developer', 'create', 'serviceroutes', 'edge', false],
  ['platform', 'create', 'sharedbalancers', 'edge', true],
  ['platform', 'create', 'sharedbalancers', 'team-a', false],
])('%s may %s %s in %s: %s', async (user, verb, plural, where, allowed) => {
  expect(await may(user, verb, plural, where)).toBe(allowed);
});

test('the example of an installation is accepted, with its own image and flags', async () => {
  const example = join(repository, 'deploy/examples/install');
  await cluster.kubectl(['apply', '--server-side', '-k', example]);
  const path = '{.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].args}';
  const shown = ['get', 'deployment', 'octopool-operator', '-n', 'octopool-system', '-o', `jsonpath=${path}`];
  expect(await cluster.kubectl(shown)).toBe(
    'registry.example.com/octopool:0.1.0 ["operator","--default-balancer=edge/public"]',
  );
}, 60_000);

test('the policy of docs/security.md keeps load balancers and node ports from teams, and nothing else', async () => {
  const security = pages().find(({ path }) => path === 'docs/security.md');
  const [policy = ''] = security === undefined ? [] : fenced(security, 'yaml');
  await cluster.kubectl(['label', 'namespace', 'team-a', 'octopool.dev/edge=true']);
  await cluster.kubectl(['apply', '-f', '-'], policy);
  const dedicated = { type: 'LoadBalancer', loadBalancerClass: 'octopool.dev/dedicated' };
  const sources = { 'octopool.dev/node-port-sources': '0.0.0.0/0' };
  await waitFor('the API server has taken the policy in', 60, async () =>
    (await refusal({}, dedicated)).includes('given by the platform team') ? true : undefined,
  );
  expect(await refusal(sources, { type: 'NodePort' })).toContain('node ports are opened by the platform team');
  expect(await refusal({}, { type: 'LoadBalancer', loadBalancerClass: 'octopool.dev/shared' })).toBe('');
  expect(await refusal({ other: 'word' }, { type: 'NodePort' })).toBe('');
}, 120_000);

/** What the API server says to a Service of team-a; empty: nothing. */
async function refusal(annotations: Readonly<Record<string, string>>, spec: object): Promise<string> {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'asked', namespace: 'team-a', annotations },
    spec: { selector: { app: 'asked' }, ports: [{ port: 80 }], ...spec },
  };
  try {
    await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(service));
    return '';
  } catch (error) {
    return String(error);
  }
}

/** Asked as a SubjectAccessReview, as `kubectl auth can-i` fails for a no. */
async function may(user: string, verb: string, plural: string, where: string): Promise<boolean> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, resourceAttributes: { group: 'octopool.dev', resource: plural, verb, namespace: where } },
  };
  const answer = await cluster.kubectl(
    ['create', '-f', '-', '-o', 'jsonpath={.status.allowed}'],
    JSON.stringify(review),
  );
  return answer === 'true';
}
