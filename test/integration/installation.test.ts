import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { installOctopool } from '../support/install.ts';
import { list, namespace } from '../support/manifests.ts';

/** The roles for people that ship, beside Kubernetes' own. */

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
