import { expect, test } from '@jest/globals';
import { exchange, keptConnection, responseOf } from '../../test/support/raw-http.ts';
import { readResponderConfig } from '../config.ts';
import { type Edges, program } from './program.ts';

/** `octopool responder` by its command line, on real sockets; its time is moved by hand. */

interface Run {
  readonly port: number;
  readonly healthPort: number;
  readonly stop: () => void;
  /** The waits that it began and that were not called off, by their length. */
  readonly waits: Map<number, () => void>;
  readonly ended: Promise<readonly number[]>;
}

const loopback = ['--listen', '127.0.0.1:0', '--health-listen', '127.0.0.1:0'];

async function start(...args: readonly string[]): Promise<Run> {
  const started = Promise.withResolvers<{ readonly port: number; readonly healthPort: number }>();
  const stopping = new AbortController();
  const waits = new Map<number, () => void>();
  const edges = {
    ...noOther,
    responding: () => ({
      stop: stopping.signal,
      after: (ms: number, task: () => void) => {
        waits.set(ms, task);
        return () => void waits.delete(ms);
      },
      log: {
        info: (message: string, fields?: object) => {
          if (message === 'responder started') started.resolve(fields as { port: number; healthPort: number });
        },
      },
    }),
  };
  const codes: number[] = [];
  const ended = program(edges, (code) => codes.push(code))
    .exitOverride()
    .parseAsync(['responder', ...args], { from: 'user' })
    .then(() => codes);
  const ports = await Promise.race([started.promise, ended.then(() => Promise.reject(new Error('it ended')))]);
  return { ...ports, stop: () => stopping.abort(), waits, ended };
}

const noOther: Omit<Edges, 'responding'> = {
  operator: () => Promise.reject(new Error('not the operator')),
  releasing: () => {
    throw new Error('not release');
  },
  output: { say: () => undefined, complain: () => undefined },
  environment: {},
  hostname: 'here',
  version: '0',
};

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

async function health({ healthPort }: Run, path = '/healthz') {
  const { status, body } = responseOf(await exchange(healthPort, get(path)));
  return [status, body];
}

async function end(run: Run): Promise<readonly number[]> {
  run.stop();
  await new Promise((resolve) => setImmediate(resolve));
  for (const wait of run.waits.values()) wait();
  return run.ended;
}

test('every request is answered 404 on a connection that stays, and health is told on another port', async () => {
  const run = await start(...loopback);
  const kept = await keptConnection(run.port);
  for (const path of ['/', '/healthz']) {
    const { status, headers } = responseOf(await kept.ask(get(path)));
    expect([status, headers.connection]).toEqual(['HTTP/1.1 404 Not Found', 'keep-alive']);
  }
  expect(await health(run)).toEqual(['HTTP/1.1 200 OK', 'ok\n']);
  expect(await health(run, '/healthz?verbose')).toEqual(['HTTP/1.1 200 OK', 'ok\n']);
  expect(await health(run, '/')).toEqual(['HTTP/1.1 404 Not Found', 'there is /healthz\n']);
  expect(await end(run)).toEqual([0]);
});

test('asked to stop it says so, answers on for the time of --drain and ends each connection with its answer; then it is gone', async () => {
  const run = await start(...loopback, '--drain', '3');
  const kept = await keptConnection(run.port);
  await kept.ask(get('/'));
  run.stop();
  expect(await health(run)).toEqual(['HTTP/1.1 503 Service Unavailable', 'stopping\n']);
  const { status, headers } = responseOf(await kept.ask(get('/')));
  expect([status, headers.connection]).toEqual(['HTTP/1.1 404 Not Found', 'close']);
  await kept.ended();
  expect(responseOf(await exchange(run.port, get('/'))).status).toBe('HTTP/1.1 404 Not Found');
  expect([...run.waits.keys()]).toEqual([3000]);
  run.waits.get(3000)?.();
  expect(await run.ended).toEqual([0]);
  for (const port of [run.port, run.healthPort]) await expect(exchange(port, '')).rejects.toThrow('ECONNREFUSED');
});

test('a port that is taken is an error, and nothing goes on listening', async () => {
  const first = await start(...loopback);
  const taken = start('--listen', `127.0.0.1:${first.port}`, '--health-listen', '127.0.0.1:0');
  await expect(taken).rejects.toThrow('EADDRINUSE');
  expect(await end(first)).toEqual([0]);
});

test.each([
  [['--listen', '8080'], '--listen is host:port, such as 127.0.0.1:8080, not 8080'],
  [['--health-listen', ':8081'], '--health-listen is host:port, such as 127.0.0.1:8080, not :8081'],
  [['--health-listen', '127.0.0.1:x'], 'the port of --health-listen is a number from 0 to 65535, not "x"'],
  [['--drain', '10s'], '--drain is a number from 0 to 3600, not "10s"'],
])('%j is refused with what it should be', async (args, message) => {
  await expect(start(...args)).rejects.toThrow(message);
});

test('an IPv6 address is written as in a URL', () => {
  expect(readResponderConfig({ listen: '[::]:8080', healthListen: '[fd00::1]:0', drain: '0' })).toEqual({
    listen: { host: '::', port: 8080 },
    healthListen: { host: 'fd00::1', port: 0 },
    drainSeconds: 0,
  });
});

test('its help documents each flag with its variable and default', () => {
  const help = program(
    { ...noOther, responding: () => Promise.reject(new Error('only help')) as never },
    () => undefined,
  )
    .commands.find((command) => command.name() === 'responder')
    ?.helpInformation()
    .replaceAll(/\s+/g, ' ');
  for (const flag of [
    '(default: "0.0.0.0:8080", env: LISTEN)',
    '(default: "0.0.0.0:8081", env: HEALTH_LISTEN)',
    '(default: "10", env: DRAIN)',
  ])
    expect(help).toContain(flag);
});
