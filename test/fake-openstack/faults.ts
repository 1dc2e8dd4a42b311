import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isWrite } from './calls.ts';
import type { Answer, Request } from './http.ts';

const actionSchema = z.discriminatedUnion('kind', [
  /** An answer that is not the service's own. */
  z.object({
    kind: z.literal('answer'),
    status: z.number(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** The connection breaks. */
  z.object({ kind: z.literal('drop') }),
  /** The request goes on after a while. */
  z.object({ kind: z.literal('delay'), ms: z.number() }),
  /** The request stands until it is released or its sender is gone; a test meanwhile does to the sender what it wants. */
  z.object({ kind: z.literal('hold') }),
]);

export const faultSchema = z.object({
  service: z.enum(['keystone', 'octavia', 'neutron', 'barbican']).optional(),
  method: z.string().optional(),
  /** Pattern of the path, without query. */
  path: z.string().optional(),
  /** Beginning of the User-Agent. */
  agent: z.string().optional(),
  /** Writes only, whatever their method. */
  writes: z.boolean().default(false),
  /** The first of the fitting requests that it strikes; from 1. */
  nth: z.number().int().min(1).default(1),
  /** How many it strikes; 0: all from then on. */
  times: z.number().int().min(0).default(1),
  /** `after`: the write has happened, and its answer is what suffers. */
  when: z.enum(['before', 'after']).default('before'),
  action: actionSchema,
});
export type FaultRule = z.input<typeof faultSchema>;
type Action = z.infer<typeof actionSchema>;
type Moment = 'before' | 'after';

/** What a fault makes of a request: an answer of its own, no answer, or nothing more. */
export type Struck = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'drop' } | undefined;

export interface Armed {
  /** How many requests it has struck. */
  readonly struck: number;
  disarm(): void;
}

/** Everything that goes wrong between a client and the cloud, on purpose. */
export class Faults {
  #rules: { readonly rule: z.output<typeof faultSchema>; seen: number; struck: number }[] = [];
  #held: (() => void)[] = [];

  /** Throws when the rule cannot be read. */
  arm(rule: FaultRule): Armed {
    const entry = { rule: faultSchema.parse(rule), seen: 0, struck: 0 };
    this.#rules.push(entry);
    return {
      get struck() {
        return entry.struck;
      },
      disarm: () => {
        this.#rules = this.#rules.filter((one) => one !== entry);
      },
    };
  }

  clear(): void {
    this.#rules = [];
    this.release();
  }

  /** How many requests stand still now. */
  get held(): number {
    return this.#held.length;
  }

  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const go of held) go();
  }

  /** Called once for each request and moment. */
  async strike(request: Request, moment: Moment, gone: AbortSignal): Promise<Struck> {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (rule.when !== moment || !fits(rule, request)) continue;
      entry.seen += 1;
      if (entry.seen < rule.nth || (rule.times > 0 && entry.struck >= rule.times)) continue;
      entry.struck += 1;
      const struck = await this.#act(rule.action, gone);
      if (struck !== undefined) return struck;
    }
    return undefined;
  }

  async #act(action: Action, gone: AbortSignal): Promise<Struck> {
    switch (action.kind) {
      case 'answer': {
        const { status, body, headers = {} } = action;
        return { kind: 'answer', answer: { status, body: body ?? standardBody(status), headers } };
      }
      case 'drop':
        return { kind: 'drop' };
      case 'delay':
        await pause(action.ms);
        return undefined;
      case 'hold':
        await this.#hold(gone);
        return undefined;
    }
  }

  async #hold(gone: AbortSignal): Promise<void> {
    const held = new Promise<void>((resolve) => {
      this.#held.push(resolve);
      gone.addEventListener('abort', () => {
        this.#held = this.#held.filter((one) => one !== resolve);
        resolve();
      });
    });
    await held;
  }
}

function fits(rule: z.output<typeof faultSchema>, request: Request): boolean {
  const { service, method, path, agent, writes } = rule;
  return (
    (service === undefined || service === request.service) &&
    (method === undefined || method === request.method) &&
    (path === undefined || new RegExp(path).test(request.path)) &&
    (agent === undefined || String(request.headers['user-agent'] ?? '').startsWith(agent)) &&
    (!writes || isWrite(request))
  );
}

/** As a proxy in front of the services says it. */
function standardBody(status: number): unknown {
  if (status === 401)
    return {
      error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
    };
  return `<html><body><h1>${status}</h1></body></html>`;
}
