import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../kubernetes/command.ts';
import { freePorts } from '../kubernetes/free-ports.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { octaviaConfig, type TriedPolicy } from './octavia-config.ts';

const program = '/usr/sbin/haproxy';

/** Installs HAProxy where it is missing. */
export function haproxyIsThere(): Promise<string> {
  return runCommand({ program: join(import.meta.dirname, 'packages.sh'), args: [], seconds: 600 });
}

/** What HAProxy says of a file with these policies; undefined: it takes it. */
export async function refusal(policies: readonly TriedPolicy[]): Promise<string | undefined> {
  return withFile(octaviaConfig(policies, 1), (file) =>
    runCommand({ program, args: ['-c', '-f', file], seconds: 120 }).then(
      () => undefined,
      (error: unknown) => String(error),
    ),
  );
}

async function withFile<Answer>(text: string, use: (file: string) => Promise<Answer>): Promise<Answer> {
  const dir = await mkdtemp(join(tmpdir(), 'haproxy-'));
  try {
    const file = join(dir, 'haproxy.cfg');
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** What a client sends to one policy. */
export interface Try {
  readonly policy: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** Runs HAProxy on 127.0.0.1 with these policies while `use` sends requests. */
export async function serving<Result>(
  policies: readonly TriedPolicy[],
  use: (send: (one: Try) => Promise<Answer>) => Promise<Result>,
): Promise<Result> {
  const [port = 0] = await freePorts(1);
  return withFile(octaviaConfig(policies, port), async (file) => {
    const child = spawn(program, ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    try {
      await listening(child, port);
      return await use((one) => send(one, port, agent));
    } finally {
      agent.destroy();
      await stopped(child);
    }
  });
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor('HAProxy listens', 60, async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended: ${said}`);
    return (await opens(port)) ? true : undefined;
  });
}

function opens(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: '127.0.0.1', port });
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

async function stopped(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (child.exitCode !== null) return;
  child.once('exit', () => resolve());
  child.kill('SIGKILL');
  return promise;
}

function send({ policy, path, headers }: Try, port: number, agent: Agent): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      path,
      agent,
      headers: { host: 'a.example.com', ...headers, 'x-try': policy },
      timeout: 30_000,
    },
    (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }),
      );
      response.once('error', reject);
    },
  );
  sent.once('timeout', () => sent.destroy(new Error(`no answer for ${path}`)));
  sent.once('error', reject);
  sent.end();
  return promise;
}
