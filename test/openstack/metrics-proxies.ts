import { startProgram, stopProgram, whyDead } from '../kubernetes/programs.ts';
import { enterNamespace, inNamespace } from '../kubernetes/nodes/in-namespace.ts';
import { runCommand } from '../kubernetes/command.ts';
import { waitFor } from '../kubernetes/wait.ts';
import type { Lab } from './lab.ts';

/** Octavia's own program, without its search for a namespace of a fixed name: here the whole machine is one. */
const serve = `
from http.server import ThreadingHTTPServer
from octavia.cmd.prometheus_proxy import PrometheusProxy
ThreadingHTTPServer(("127.0.0.1", 9102), PrometheusProxy).serve_forever()
`;

/**
 * Starts, on each amphora of a load balancer, what a PROMETHEUS listener asks behind HAProxy: amphora images run it as a service, the
 * lab's machines do not. `dir` holds pids and logs. Answers with what ends them.
 */
export async function startMetricsProxies(lab: Lab, dir: string, loadBalancer: string): Promise<() => Promise<void>> {
  const lines = (await lab.amphorae()).split('\n').filter((line) => line.includes(`lb=${loadBalancer}`));
  const namespaces = lines.map((line) => line.split(' ')[0] ?? '');
  const stop = async (): Promise<void> => {
    await Promise.all(namespaces.map((namespace) => stopProgram(dir, `metrics-${namespace}`, 'SIGTERM', 5)));
  };
  try {
    for (const namespace of namespaces) await start(dir, namespace);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function start(dir: string, namespace: string): Promise<void> {
  const name = `metrics-${namespace}`;
  // the folder among the arguments is how the program is known again
  const command = enterNamespace(namespace, ['/usr/bin/python3', '-c', serve, dir]);
  await startProgram({ name, dir, command, lifetime: 'harness' });
  await waitFor(`${name} answers`, 60, async () => {
    const dead = await whyDead(dir, name);
    if (dead !== undefined) throw new Error(dead);
    const curl = ['curl', '-s', '-f', '-m', '5', '-o', '/dev/null', 'http://127.0.0.1:9102/metrics'];
    return runCommand(inNamespace(namespace, curl)).then(
      () => true as const,
      () => undefined,
    );
  });
}
