import { open, stat } from 'node:fs/promises';

/** A request as the cloud itself wrote it down. */
export interface Call {
  readonly at: number;
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly agent: string;
}

/** How much of the log there is now; what comes later is what happened after this. */
export async function logPosition(file: string): Promise<number> {
  return (await stat(file)).size;
}

/** The calls of one User-Agent since a position, refused ones included, token requests left out. */
export async function callsSince(file: string, position: number, agent: string): Promise<readonly Call[]> {
  const log = await open(file);
  try {
    const { size } = await log.stat();
    const bytes = Buffer.alloc(Math.max(size - position, 0));
    await log.read(bytes, 0, bytes.length, position);
    return bytes
      .toString('utf8')
      .split('\n')
      .flatMap((line) => readCall(line) ?? [])
      .filter((call) => call.agent.startsWith(agent) && call.service !== 'keystone');
  } finally {
    await log.close();
  }
}

/** Octavia's, by what they do to it. */
export function octaviaCalls(calls: readonly Call[]): {
  readonly writes: readonly Call[];
  readonly reads: readonly Call[];
} {
  const own = calls.filter((call) => call.service === 'octavia');
  return { writes: own.filter(isWrite), reads: own.filter((call) => !isWrite(call)) };
}

export function isWrite({ method }: Call): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

function readCall(line: string): Call | undefined {
  const [at = '', service = '', method = '', uri = '', status = '', , , , ...agent] = line.split(' ');
  if (agent.length === 0) return undefined;
  return {
    at: Number(at),
    service,
    method,
    path: uri.split('?')[0] ?? '',
    status: Number(status),
    agent: agent.join(' '),
  };
}
