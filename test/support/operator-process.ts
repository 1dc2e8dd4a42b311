import { runningPid, startProgram, stopProgram, whyDead, type Lifetime } from '../kubernetes/programs.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { operatorBundle } from './operator-bundle.ts';

export interface OperatorProcessOptions {
  /** Where its log and pid go; the kubeconfig must lie in there. */
  readonly dir: string;
  readonly kubeconfig: string;
  readonly cloudsYaml: string;
  readonly cloud: string;
  readonly port: number;
  readonly flags?: readonly string[];
  /** Beside what names its cloud. */
  readonly env?: Readonly<Record<string, string>>;
  readonly lifetime?: Lifetime;
}

/** The operator as users run it: a process of its own with the rights of its ServiceAccount. */
export interface OperatorProcess {
  readonly pid: number;
  /** performance.now() when it was started. */
  readonly startedAt: number;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
  /** SIGKILL: what it was doing is left as it stands. */
  kill(): Promise<void>;
}

/** The command that starts it, for people to repeat. */
export async function operatorCommand(options: OperatorProcessOptions): Promise<readonly string[]> {
  const { kubeconfig, port, flags = [] } = options;
  const main = await operatorBundle();
  return [process.execPath, main, 'operator', '--kubeconfig', kubeconfig, '--listen', `127.0.0.1:${port}`, ...flags];
}

export function operatorEnvironment({ cloudsYaml, cloud }: OperatorProcessOptions): Readonly<Record<string, string>> {
  return { OS_CLIENT_CONFIG_FILE: cloudsYaml, OS_CLOUD: cloud };
}

/** What its server answers for a path; undefined: nothing. */
export function askOperator(
  { port }: Pick<OperatorProcessOptions, 'port'>,
  path: string,
): Promise<Response | undefined> {
  return fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
}

/** Starts it and waits until /readyz says yes. */
export async function startOperator(options: OperatorProcessOptions): Promise<OperatorProcess> {
  const { dir } = options;
  const name = 'operator';
  const startedAt = performance.now();
  await startProgram({
    name,
    dir,
    command: await operatorCommand(options),
    env: { ...operatorEnvironment(options), ...options.env },
    lifetime: options.lifetime ?? 'harness',
  });
  await waitFor('the operator is ready', 120, async () => {
    const dead = await whyDead(dir, name);
    if (dead !== undefined) throw new Error(dead);
    const answer = await askOperator(options, '/readyz');
    return answer?.ok === true ? true : undefined;
  });
  const pid = await runningPid(dir, name);
  if (pid === undefined) throw new Error('the operator ended right after it became ready');
  return {
    pid,
    startedAt,
    stop: () => stopProgram(dir, name, 'SIGTERM', 60),
    kill: () => stopProgram(dir, name, 'SIGKILL'),
  };
}
