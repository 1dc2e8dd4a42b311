import type { PassResult } from '../core/report/pass-result.ts';
import { report } from '../core/report/report.ts';
import type { Deps } from './deps.ts';

/** Writes what came of a pass, and remembers what owners of Ingresses were told: their status cannot hold all of it. */
export async function tell(
  result: PassResult,
  { cluster, toldIngresses }: Pick<Deps, 'cluster' | 'toldIngresses'>,
  signal: AbortSignal,
): Promise<void> {
  const { told, ...said } = report(result, toldIngresses);
  await cluster.write(said, signal);
  for (const [uid, texts] of told) toldIngresses.set(uid, texts);
}
