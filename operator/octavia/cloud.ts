import { OpenStackError } from 'openstack-sdk-lite/transport/errors';
import type { CloudId } from '../core/model/brand.ts';
import type { NodeAccessDone, NodeAccessIntent, NodeOperation, SeenNodeAccess } from '../core/model/node-access.ts';
import type { Done } from '../core/model/plan.ts';
import type { Problem } from '../core/model/reason.ts';
import type { Seen } from '../core/model/seen.ts';
import { type ConnectionOptions, Connections } from './connections.ts';
import { FreshPolicies } from './fresh-policies.ts';
import { execute, type Order } from './execute.ts';
import { judge } from './failure.ts';
import { executeNodes, observeNodes } from './node-access.ts';
import { observe, type Question } from './observe.ts';
import { observeRules } from './observe-rules.ts';
import { Resolver } from './resolve.ts';
import { TopologyBook } from './topology.ts';

type Unseen = { readonly kind: 'unseen'; readonly problem: Problem; readonly retryAfterMs: number | undefined };

/** OpenStack as the loop needs it: one reading and one writing of a balancer, and of what lets balancers reach nodes. */
export class OctaviaCloud {
  readonly #connections: Connections;
  readonly #books = { resolver: new Resolver(now), topology: new TopologyBook(now), fresh: new FreshPolicies() };

  constructor(options: ConnectionOptions) {
    this.#connections = new Connections(options);
  }

  async observe(
    question: Question,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'seen'; readonly seen: Seen } | Unseen> {
    try {
      const { spec, namespace } = question.balancer;
      const cloud = await this.#connections.to(spec.cloud, namespace, signal);
      return { kind: 'seen', seen: await observe(cloud, question, this.#books, { signal }) };
    } catch (error) {
      return unseen(error);
    }
  }

  async observeRules(
    of: { readonly balancer: Question['balancer']; readonly seen: Seen; readonly policies: readonly CloudId[] },
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'seen'; readonly seen: Seen } | Unseen> {
    try {
      const cloud = await this.#connections.to(of.balancer.spec.cloud, of.balancer.namespace, signal);
      return { kind: 'seen', seen: await observeRules(cloud, of, { signal }) };
    } catch (error) {
      return unseen(error);
    }
  }

  async execute(order: Order & { readonly balancer: Question['balancer'] }, signal: AbortSignal): Promise<Done> {
    const cloud = await this.#connections.to(order.balancer.spec.cloud, order.balancer.namespace, signal);
    return execute(cloud, { ...order, fresh: this.#books.fresh }, signal);
  }

  async observeNodes(
    intent: NodeAccessIntent & { readonly groupName: string },
    signal: AbortSignal,
  ): Promise<SeenNodeAccess | Unseen> {
    try {
      return await observeNodes(this.#connections.own(), intent, { signal });
    } catch (error) {
      return unseen(error);
    }
  }

  async executeNodes(operations: readonly NodeOperation[], signal: AbortSignal): Promise<NodeAccessDone> {
    return executeNodes(this.#connections.own(), operations, { signal });
  }

  /**
   * At start: undefined when the operator's own credentials lead to an Octavia and a Neutron. `setting`: only a person can mend
   * it; `passing`: a cloud that is away, or does not accept a password that may be being changed.
   */
  async check(
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'setting' | 'passing'; readonly message: string } | undefined> {
    try {
      await this.#connections.own().verify(['octavia', 'neutron'], { signal });
      return undefined;
    } catch (error) {
      if (signal.aborted) return { kind: 'passing', message: 'The cloud did not answer in time.' };
      if (!(error instanceof OpenStackError)) throw error;
      const setting = error.kind === 'catalog' || (error.kind === 'credentials' && error.status === undefined);
      return { kind: setting ? 'setting' : 'passing', message: error.message };
    }
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }
}

const now = (): number => performance.now();

function unseen(error: unknown): Unseen {
  const failure = judge(error);
  const problem: Problem =
    'problem' in failure
      ? failure.problem
      : { reason: 'CloudUnavailable', message: error instanceof Error ? error.message : 'unknown' };
  return { kind: 'unseen', problem, retryAfterMs: 'retryAfterMs' in failure ? failure.retryAfterMs : undefined };
}
