import type { PassResult } from '../core/report/pass-result.ts';
import { report } from '../core/report/report.ts';
import type { Written } from './cluster.ts';
import type { Again, Deps } from './deps.ts';

/** Writes what came of a pass, and remembers what owners of Ingresses were told: their status cannot hold all of it. */
export async function tell(
  result: PassResult,
  { cluster, toldIngresses }: Pick<Deps, 'cluster' | 'toldIngresses'>,
  signal: AbortSignal,
): Promise<Written> {
  const { told, ...said } = report(result, toldIngresses);
  const written = await cluster.write(said, signal);
  for (const [uid, texts] of told) toldIngresses.set(uid, texts);
  return written;
}

/** A status that was refused is tried again before long; what else the key has to do does not wait for that. */
export function unlessRefused(again: Again, written: Written): Again {
  if (written === 'written' || again.kind === 'backoff') return again;
  return again.kind === 'after' ? { kind: 'backoff', atMostMs: again.ms } : { kind: 'backoff' };
}
