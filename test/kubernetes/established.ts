import type { ControlPlane } from './control-plane-handle.ts';
import { waitFor } from './wait.ts';

/** Waits until custom resources are served. `kubectl wait` gives up at once on one that has no conditions yet. */
export async function established({ kubectl }: Pick<ControlPlane, 'kubectl'>, names: readonly string[]): Promise<void> {
  const served = 'jsonpath={.status.conditions[?(@.type=="Established")].status}';
  for (const name of names)
    await waitFor(`${name} is served`, 120, async () =>
      (await kubectl(['get', 'crd', name, '-o', served])) === 'True' ? true : undefined,
    );
}
