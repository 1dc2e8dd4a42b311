import { hash } from 'node:crypto';
import type { CredentialSource } from 'openstack-sdk-lite/config/credentials';
import type { Clock } from 'openstack-sdk-lite/wait';
import type { BalancerName, Instant } from '../../operator/core/model/brand.ts';
import type { Again, Deps } from '../../operator/loop/deps.ts';
import { emptyMemory } from '../../operator/loop/memory.ts';
import { Needs } from '../../operator/loop/needs.ts';
import { pass } from '../../operator/loop/pass.ts';
import { OctaviaCloud } from '../../operator/octavia/cloud.ts';
import type { Logger } from '../../operator/telemetry/logger.ts';
import { createMetrics } from '../../operator/telemetry/metrics.ts';
import { userAgent } from '../../operator/version.ts';
import { ownClassesOnly } from './attached-inputs.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import type { PlacePolicy } from '../../operator/core/model/plain-service.ts';

export interface SmallOperatorOptions {
  readonly cluster: MemoryCluster;
  readonly credentials: CredentialSource;
  /** Time of day in milliseconds, the same for operator and cloud. */
  readonly now: () => number;
  /** Lets time pass, for both. */
  readonly advance: (ms: number) => void;
  readonly log?: Logger;
  /** Flags about Services; the same as the cluster's. */
  readonly placePolicy?: PlacePolicy;
  readonly nodeSecurityGroup?: Deps['nodeSecurityGroup'];
  readonly nodeFloatingIPs?: Deps['nodeFloatingIPs'];
  /** Of waits for a busy balancer; unless said, they let time pass by `advance`. */
  readonly waitClock?: Clock;
  /** Milliseconds, of real time; of a call to the cloud that has no deadline of its own. */
  readonly deadlineMs?: number | undefined;
}

type Key = BalancerName | 'nodes';

const secretText = ({ name }: { readonly name: string }): Promise<string> =>
  Promise.reject(new Error(`no Secret ${name} in this test`));

const quiet: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** More rounds than any change needs: a test that uses them up has found a loop. */
const mostRounds = 60;

/**
 * The operator's loop and its OpenStack edge as they are, on Kubernetes in memory and on time that the test moves. Passes run one after the
 * other, each to its end; what main.ts wires around them is proved with the real process.
 */
export class SmallOperator {
  readonly #options: SmallOperatorOptions;
  readonly #cloud: OctaviaCloud;
  readonly #deps: Deps;

  constructor(options: SmallOperatorOptions) {
    this.#options = options;
    const { cluster, now, advance, log = quiet } = options;
    const steppedClock: Clock = {
      now,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        advance(ms);
      },
    };
    this.#cloud = new OctaviaCloud({
      own: options.credentials,
      region: undefined,
      userAgent,
      waitClock: options.waitClock ?? steppedClock,
      deadlineMs: options.deadlineMs,
      beforeWrite: () => {},
      secretText,
    });
    this.#deps = {
      cluster,
      cloud: this.#cloud,
      now: () => now() as Instant,
      digest: (text) => hash('sha256', text),
      log,
      metrics: createMetrics(),
      budget: 60_000,
      jitter: () => 0.5,
      needs: new Needs(),
      wakeNodes: () => {},
      ...emptyMemory(),
      placePolicy: options.placePolicy ?? ownClassesOnly,
      nodePortRange: { min: 30_000, max: 32_767 },
      nodeSecurityGroup: options.nodeSecurityGroup ?? 'managed',
      nodeFloatingIPs: options.nodeFloatingIPs ?? 'off',
    };
  }

  /** One pass; what it throws is thrown. */
  pass(key: Key, signal: AbortSignal = AbortSignal.timeout(600_000)): Promise<Again> {
    return pass(key, this.#deps, signal);
  }

  /**
   * Passes over everything (or over the keys that a change concerns) until each would only come back to look; between rounds time passes
   * as each key asks for.
   */
  async settle(only?: readonly Key[]): Promise<void> {
    const { cluster, advance } = this.#options;
    const everything = (): readonly Key[] => only ?? [...cluster.keys(), 'nodes'];
    let hot = everything();
    for (let round = 0; round < mostRounds; round += 1) {
      const answers: (readonly [Key, Again])[] = [];
      for (const key of hot) answers.push([key, await this.pass(key)]);
      const pauses = answers.flatMap(([key, again]) => (isRest(again) ? [] : [[key, pauseOf(again, round)] as const]));
      // what one key did may concern another: only a whole round of rest is the end
      if (pauses.length === 0 && hot.join() === everything().join()) return;
      if (pauses.length === 0) {
        hot = everything();
        continue;
      }
      advance(Math.max(...pauses.map(([, ms]) => ms)));
      hot = pauses.map(([key]) => key);
    }
    throw new Error(`not settled after ${mostRounds} rounds: ${hot.join(', ')}`);
  }

  close(): Promise<void> {
    return this.#cloud.close();
  }
}

/** Coming back in half a minute or later is only looking after it. */
function isRest(again: Again): boolean {
  return again.kind === 'never' || (again.kind === 'after' && again.ms >= 30_000);
}

function pauseOf(again: Again, round: number): number {
  return again.kind === 'after' ? again.ms : Math.min(300_000, 1_000 * 2 ** Math.min(round, 8));
}
