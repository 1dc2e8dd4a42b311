import type { Again, Deps } from './deps.ts';

/** Tells the metrics that a pass runs, how long a pass took and how it ended. */
export async function timed(
  { now, metrics }: Pick<Deps, 'now' | 'metrics'>,
  pass: () => Promise<Again>,
): Promise<Again> {
  const began = now();
  metrics.passBegan();
  const seconds = (): number => (now() - began) / 1000;
  try {
    const again = await pass();
    metrics.passEnded(again.kind === 'backoff' ? 'backoff' : 'ended', seconds());
    return again;
  } catch (error) {
    metrics.passEnded('threw', seconds());
    throw error;
  }
}
