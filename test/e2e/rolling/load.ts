import { z } from 'zod';
import { waitFor } from '../../kubernetes/wait.ts';
import type { Lab } from '../../openstack/lab.ts';
import { type Answer, askAll, type Request } from '../support/ask.ts';

/** What came back for one request. */
export interface Got {
  readonly client: keyof typeof clients;
  /** When it was sent, if none before it was slow. */
  readonly at: string;
  /** curl's: 0, or why there is no answer. */
  readonly exit: number;
  readonly status: number;
  /** undefined: it was not a Pod that answered. */
  readonly pod: string | undefined;
  readonly body: string;
}

/** Somebody outside of the cloud who goes on asking. */
export interface Load {
  /** Answers when so many more requests have been answered than now. */
  more(requests: number): Promise<unknown>;
  /** Lets what is under way come to its end. */
  end(): Promise<readonly Got[]>;
}

/**
 * One client takes a new connection for each request, the other one keeps its own for a batch. The second asks once more by itself
 * when a kept connection turns out to be closed before a byte of the answer came, as every browser does: a load balancer may close
 * an idle connection at any time.
 */
const clients = { new: { Connection: 'close' }, kept: {} };
const perSecond = 8;
const batch = 24;
/** Twenty minutes at that pace. */
const mostBatches = 400;

const podSchema = z.object({ pod: z.string() });

export function startLoad(lab: Lab, to: Request): Load {
  const got: Got[] = [];
  const enough = new AbortController();
  const run = async (client: Got['client']): Promise<void> => {
    for (let count = 0; !enough.signal.aborted; count += 1) {
      if (count === mostBatches) throw new Error('the load came to its end before it was told to');
      const began = Date.now();
      const request = { seconds: 10, ...to, headers: clients[client], perSecond };
      const answers = await askAll(lab, request, batch);
      if (answers.length !== batch) throw new Error(`${answers.length} of ${batch} requests ended`);
      got.push(...answers.map((answer, nth) => read(answer, client, began + (nth * 1000) / perSecond)));
    }
  };
  const running = Promise.all([run('new'), run('kept')]);
  let failed: { readonly why: unknown } | undefined;
  running.catch((why: unknown) => {
    failed = { why };
  });
  return {
    more: (requests) => {
      const before = got.length;
      return waitFor(`${requests} more answers`, 180, async () => {
        if (failed !== undefined) throw failed.why;
        return got.length - before >= requests ? true : undefined;
      });
    },
    end: async () => {
      enough.abort();
      await running;
      return got;
    },
  };
}

function read({ status, exit, body }: Answer, client: Got['client'], at: number): Got {
  const pod = body.startsWith('{') ? podSchema.parse(JSON.parse(body)).pod : undefined;
  return { client, at: new Date(at).toISOString(), exit, status, pod, body };
}
