import { z } from 'zod';
import { waitFor } from '../../kubernetes/wait.ts';
import type { Lab } from '../../openstack/lab.ts';

/** Requests of somebody outside of the cloud, and what came back. */

export interface Request {
  readonly address: string;
  readonly port?: number;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `name=value`, several with `; ` between them. */
  readonly cookies?: string;
  /** Which of the client's own addresses asks; the first unless said. */
  readonly from?: string;
  readonly seconds?: number;
  /** Of several requests, at most so many start in a second. */
  readonly perSecond?: number;
}

/** What an echo server on a node saw. */
const echoSchema = z.object({
  node: z.string(),
  port: z.number(),
  method: z.string(),
  path: z.string(),
  proxy: z.object({ version: z.number(), src: z.string() }).partial().nullable(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});
export type Echo = z.infer<typeof echoSchema>;

// curl writes 000 where nobody answered
const endSchema = z.object({
  status: z.string().transform(Number),
  /** curl's own word: 0, or why there is no answer. */
  exit: z.number(),
  location: z.string(),
  cookie: z.string(),
});
export type Answer = z.infer<typeof endSchema> & {
  /** undefined: no echo server answered. */
  readonly echo: Echo | undefined;
  readonly body: string;
};

const endOf =
  '{"status":"%{response_code}","exit":%{exitcode},"location":"%header{location}","cookie":"%header{set-cookie}"}';

/** Asks until the balancer says something: ACTIVE is not yet serving, as the pair decides first who holds the address. */
export function ask(lab: Lab, request: Request): Promise<Answer> {
  return waitFor(`an answer from ${request.host ?? request.address}${request.path ?? '/'}`, 180, async () => {
    const answer = await askOnce(lab, request);
    return answer.status === 0 ? undefined : answer;
  });
}

/** Status 0: nobody answered. */
export async function askOnce(lab: Lab, request: Request): Promise<Answer> {
  const [answer] = await askAll(lab, request, 1);
  if (answer === undefined) throw new Error('curl says how each request ended');
  return answer;
}

/** So many requests, one after the other on a connection that is kept, as a browser does. */
export async function askAll(lab: Lab, request: Request, times: number): Promise<readonly Answer[]> {
  const { seconds = 5 } = request;
  // not a path of the request: echo servers tell queries and fragments apart from it
  const url = `${urlOf(request)}${times === 1 ? '' : `?n=[1-${times}]`}`;
  const curl = ['curl', '-k', '-s', '-m', String(seconds), '-w', `\n${endOf}\n`, ...options(request), url];
  // a request that fails is an answer here, not an error
  const text = await lab.client(['sh', '-c', '"$@" || true', 'sh', ...curl], times * 2 + seconds + 20);
  return readAnswers(text);
}

function urlOf({ scheme = 'http', address, port, path = '/' }: Request): string {
  return `${scheme}://${address}${port === undefined ? '' : `:${port}`}${path}`;
}

function options({ host, headers = {}, cookies, from, perSecond }: Request): readonly string[] {
  const all = Object.entries({ ...(host === undefined ? {} : { Host: host }), ...headers });
  return [
    ...all.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(cookies === undefined ? [] : ['-b', cookies]),
    ...(from === undefined ? [] : ['--interface', from]),
    ...(perSecond === undefined ? [] : ['--rate', `${perSecond}/s`]),
  ];
}

function readAnswers(text: string): readonly Answer[] {
  const answers: Answer[] = [];
  let body: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('{"status":')) {
      answers.push({ ...endSchema.parse(JSON.parse(line)), echo: readEcho(body), body: body.join('\n') });
      body = [];
    } else body.push(line);
  }
  return answers;
}

function readEcho(body: readonly string[]): Echo | undefined {
  const line = body.find((one) => one.startsWith('{"node":'));
  return line === undefined ? undefined : echoSchema.parse(JSON.parse(line));
}
