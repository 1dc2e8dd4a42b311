import { execFile } from 'node:child_process';

/** One run of a program to its end. */
export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to its standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Killed after this many seconds; 30 unless said. */
  readonly seconds?: number;
};

/**
 * Runs a program to its end and gives back its standard output.
 * @throws Error with the command line and what the program wrote to standard error, when it fails or takes too long.
 */
export function runCommand(command: Command): Promise<string> {
  const { program, args, input, env, seconds = 30 } = command;
  const options = { timeout: seconds * 1000, maxBuffer: 64 << 20, env: { ...process.env, ...env } };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(program, [...args], options, (error, stdout, stderr) => {
    if (error === null) return resolve(stdout);
    const why = error.killed === true ? `took more than ${seconds} s` : stderr.trim() || error.message;
    return reject(new Error(`${program} ${args.slice(0, 6).join(' ')}: ${why}`, { cause: error }));
  });
  // A program that ends without reading all of its input is not our failure: its exit code says what matters.
  child.stdin?.on('error', () => undefined).end(input ?? '');
  return promise;
}

/** Like runCommand, for clean-up: a failure (the thing is gone already) answers with an empty text. */
export async function tryCommand(command: Command): Promise<string> {
  return runCommand(command).catch(() => '');
}
