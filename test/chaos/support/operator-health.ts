import { askOperator, type OperatorProcessOptions } from '../../support/operator-process.ts';

/** What an operator says about itself: `livez` and `readyz` as statuses (0: no answer), and whether it leads. */
export async function operatorHealth(options: Pick<OperatorProcessOptions, 'port'>): Promise<{
  readonly livez: number;
  readonly readyz: number;
  readonly leads: boolean;
}> {
  const paths = ['/livez', '/readyz', '/metrics'];
  const [livez, readyz, metrics] = await Promise.all(paths.map((path) => askOperator(options, path)));
  const text = (await metrics?.text()) ?? '';
  return { livez: livez?.status ?? 0, readyz: readyz?.status ?? 0, leads: /^octopool_leader 1$/m.test(text) };
}
