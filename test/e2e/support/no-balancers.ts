import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { waitFor } from '../../kubernetes/wait.ts';

/** Deletes every route and balancer, and waits until they are gone. Takes off every brake first: a test that failed may have left one on. */
export async function noBalancers({ kubectl }: Pick<ControlPlane, 'kubectl'>): Promise<void> {
  const names = [
    'get',
    'sbal',
    '-A',
    '-o',
    'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{"\\n"}{end}',
  ];
  for (const line of (await kubectl(names)).trim().split('\n').filter(Boolean)) {
    const [namespace = '', name = ''] = line.split(' ');
    const unbraked = {
      metadata: { annotations: { 'octopool.dev/paused': null } },
      spec: { lifecycle: { deletionProtection: false } },
    };
    await kubectl(['patch', 'sbal', name, '-n', namespace, '--type=merge', '-p', JSON.stringify(unbraked)]);
  }
  await kubectl(['delete', 'sharedbalancers,serviceroutes', '--all', '-A', '--wait=false']);
  await waitFor('no SharedBalancer is left', 240, async () =>
    (await kubectl(['get', 'sbal', '-A', '-o', 'name'])) === '' ? true : undefined,
  );
}
