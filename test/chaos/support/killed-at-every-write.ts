import { waitFor } from '../../kubernetes/wait.ts';
import { callsSince, isWrite, logPosition } from '../../openstack/access-log.ts';
import { type OperatorProcess, type OperatorProcessOptions, startOperator } from '../../support/operator-process.ts';
import { attachedNodes, leftIn, treesIn } from './cloud-left.ts';
import type { FakeProcess } from './fake-process.ts';

export interface Life {
  readonly fake: FakeProcess;
  readonly options: OperatorProcessOptions;
  /** Asks for everything. */
  readonly apply: () => Promise<void>;
  /** Resolves when Kubernetes says that all of it is there. */
  readonly ready: () => Promise<void>;
  /** Deletes everything; resolves when Kubernetes knows it no more. */
  readonly remove: () => Promise<void>;
}

export interface Lives {
  readonly writes: number;
  /** Where one ends that was never killed. */
  readonly whole: unknown;
  /** Where those end that were killed, by the write that they were killed at. */
  readonly ends: Readonly<Record<string, unknown>>;
}

const agent = 'octopool/';

/**
 * A bring-up, again and again. Each time the operator's process is killed at another write: once before the cloud sees it, and once
 * when the cloud has done it and the answer is on its way. Another process then goes on, and is the next to be killed.
 */
export async function killedAtEveryWrite(life: Life): Promise<Lives> {
  const { fake, options } = life;
  let operator: OperatorProcess | undefined = await startOperator(options);
  try {
    const since = await logPosition(fake.accessLog);
    const whole = await broughtUp(life);
    const writes = (await callsSince(fake.accessLog, since, agent)).filter(isWrite);
    const ends: Record<string, unknown> = {};
    for (const [at, { method, path }] of writes.entries()) {
      for (const when of ['before', 'after'] as const) {
        await removed(life);
        await fake.do({ do: 'fault', rule: { agent, writes: true, nth: at + 1, when, action: { kind: 'hold' } } });
        await life.apply();
        await waitFor(`write ${at + 1} is on its way`, 120, async () =>
          (await fake.do({ do: 'held' })) === 1 ? true : undefined,
        );
        await operator.kill();
        await fake.do({ do: 'clear-faults' });
        operator = await startOperator(options);
        ends[`${when} ${at + 1} ${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '{id}')}`] = await broughtUp(life);
      }
    }
    await removed(life);
    return { writes: writes.length, whole, ends };
  } finally {
    await operator?.kill();
  }
}

async function broughtUp({ fake, apply, ready }: Life): Promise<unknown> {
  await apply();
  await ready();
  await waitFor('the nodes are in their security group', 60, async () =>
    (await attachedNodes(fake)) === 2 ? true : undefined,
  );
  return { tree: await treesIn(fake), left: await leftIn(fake) };
}

async function removed({ fake, remove }: Life): Promise<void> {
  await remove();
  await waitFor('nothing of ours is left in the cloud', 120, async () => {
    const { ports, floatingIPs, rules, groups } = await leftIn(fake);
    return ports === 0 && floatingIPs === 0 && rules === 0 && groups === '' ? true : undefined;
  });
}
