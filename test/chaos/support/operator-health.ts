import type { OperatorProcessOptions } from '../../support/operator-process.ts';

/** What an operator says about itself: `livez` and `readyz` as statuses (0: no answer), and whether it leads. */
export async function operatorHealth({ port }: Pick<OperatorProcessOptions, 'port'>): Promise<{
  readonly livez: number;
  readonly readyz: number;
  readonly leads: boolean;
}> {
  const ask = async (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  const [livez, readyz, metrics] = await Promise.all(['/livez', '/readyz', '/metrics'].map(ask));
  const text = (await metrics?.text()) ?? '';
  return { livez: livez?.status ?? 0, readyz: readyz?.status ?? 0, leads: /^octopool_leader 1$/m.test(text) };
}
