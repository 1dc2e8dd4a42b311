import { setTimeout as pause } from 'node:timers/promises';
import { type Call, callsSince, isWrite } from '../openstack/access-log.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';

const quietMs = 5_000;

/** What a change cost, counted by the cloud: until everything is Ready and five seconds passed without a write. */
export async function settled(of: {
  readonly controlPlane: ControlPlane;
  readonly accessLog: string;
  readonly since: number;
  readonly agent: string;
  readonly seconds?: number;
}): Promise<readonly Call[]> {
  const { controlPlane, accessLog, since, agent, seconds = 600 } = of;
  await pause(quietMs); // a change is worked on at most five seconds after it came
  return waitFor('everything is Ready and nothing was written for five seconds', seconds, async () => {
    const calls = await callsSince(accessLog, since, agent);
    const last = calls.filter(isWrite).at(-1);
    const quiet = last === undefined || Date.now() - last.at > quietMs;
    if (!quiet || !(await allReady(controlPlane))) {
      await pause(500);
      return undefined;
    }
    return callsSince(accessLog, since, agent);
  });
}

async function allReady(controlPlane: ControlPlane): Promise<boolean> {
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
