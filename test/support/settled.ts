import { setTimeout as pause } from 'node:timers/promises';
import { type Call, callsSince, isWrite } from '../openstack/access-log.ts';
import type { CloudView } from '../openstack/cloud-view.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { askOperator } from './operator-process.ts';

const quietMs = 5_000;

/**
 * What a change cost, counted by the cloud: until every balancer is ACTIVE, everything Ready, and five seconds passed in which that
 * stayed so, no pass ran, and nothing was written. A change of a big tree can keep a balancer busy for longer than five seconds.
 */
export async function settled(of: {
  readonly controlPlane: ControlPlane;
  readonly view: Pick<CloudView, 'allActive'>;
  readonly accessLog: string;
  readonly since: number;
  readonly agent: string;
  /** Where the operator tells its metrics; without it a write that the cloud is slow to answer is not noticed. */
  readonly operatorPort?: number;
  readonly seconds?: number;
}): Promise<readonly Call[]> {
  const { controlPlane, view, accessLog, since, agent, operatorPort, seconds = 1_800 } = of;
  await pause(quietMs); // a change is worked on at most five seconds after it came
  let quietSince: number | undefined;
  return waitFor('everything is ACTIVE and Ready, and nothing was written for five seconds', seconds, async () => {
    const calls = await callsSince(accessLog, since, agent);
    const lastWrite = calls.filter(isWrite).at(-1)?.at ?? 0;
    const busy = operatorPort !== undefined && (await isWorking(operatorPort));
    if (busy || !(await view.allActive()) || !(await allReady(controlPlane))) quietSince = undefined;
    else quietSince = Math.max(quietSince ?? Date.now(), lastWrite);
    if (quietSince !== undefined && Date.now() - quietSince > quietMs) return callsSince(accessLog, since, agent);
    await pause(400);
    return undefined;
  });
}

/** The cloud writes a call down when it answers; a pass that waits for that answer runs. Who gives no answer is at work too. */
async function isWorking(port: number): Promise<boolean> {
  const answer = await askOperator({ port }, '/metrics');
  const text = await answer?.text().catch(() => '');
  return !/^octopool_passes_running 0$/m.test(text ?? '');
}

/** Whether every balancer and route reads Ready at the generation that it has. */
export async function allReady(controlPlane: ControlPlane): Promise<boolean> {
  const path =
    'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status},{.metadata.generation},{.status.observedGeneration}{"\\n"}{end}';
  const text = await controlPlane.kubectl(['get', 'sharedbalancers,serviceroutes', '-A', '-o', path]);
  return text
    .trim()
    .split('\n')
    .every((line) => {
      const [ready, generation, observed] = line.split(',');
      return ready === 'True' && generation === observed;
    });
}
