import { z } from 'zod';
import { waitFor } from '../kubernetes/wait.ts';
import type { Lab } from '../openstack/lab.ts';

const answerSchema = z.object({ pod: z.string(), namespace: z.string(), host: z.string() });
export type Answer = z.infer<typeof answerSchema>;

/** One request through the balancer, sent by somebody outside of the cloud; undefined when no Pod answered. */
export async function ask(lab: Lab, address: string, host: string, seconds = 5): Promise<Answer | undefined> {
  const curl = ['curl', '-s', '-m', String(seconds), '-H', `Host: ${host}`, `http://${address}/`];
  const text = await lab.client(curl, seconds + 10).catch(() => '');
  if (!text.startsWith('{')) return undefined;
  return answerSchema.parse(JSON.parse(text));
}

/** Asks until a Pod answers: ACTIVE is not yet serving, and members are DOWN until their monitor has seen them. */
export function askUntilAnswered(lab: Lab, address: string, host: string): Promise<Answer> {
  return waitFor(`${host} is answered`, 600, () => ask(lab, address, host));
}

/** Seconds from now until the first of five answers in a row; 0 when no request was lost. */
export async function outage(lab: Lab, address: string, host: string): Promise<number> {
  const began = performance.now();
  let inARow = 0;
  let backAt = began;
  let lost = 0;
  await waitFor('traffic goes on', 180, async () => {
    const at = performance.now();
    if ((await ask(lab, address, host, 1)) === undefined) {
      lost += 1;
      inARow = 0;
      return undefined;
    }
    if (inARow === 0) backAt = at;
    inARow += 1;
    return inARow >= 5 && at - began > 5_000 ? true : undefined;
  });
  return lost === 0 ? 0 : Math.round((backAt - began) / 100) / 10;
}
