import { startControlPlane } from '../../kubernetes/control-plane.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { freePorts } from '../../kubernetes/free-ports.ts';
import { installOctopool } from '../../support/install.ts';
import { list, namespace } from '../../support/manifests.ts';
import { registerNode } from '../../support/node-objects.ts';
import type { OperatorProcessOptions } from '../../support/operator-process.ts';
import { type FakeProcess, startFakeProcess } from './fake-process.ts';

/** A control plane with two Nodes and two namespaces, the fake OpenStack as a process, and how an operator between them is started. */
export interface CrashWorld {
  readonly cluster: ControlPlane;
  readonly fake: FakeProcess;
  readonly options: OperatorProcessOptions;
  stop(): Promise<void>;
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

export async function crashWorld(): Promise<CrashWorld> {
  const cluster = await startControlPlane({ progress });
  const fake = await startFakeProcess(cluster.dir);
  const kubeconfig = await installOctopool(cluster);
  await fake.do({ do: 'node-ports', project: 'tenant-a', addresses: ['10.10.0.11', '10.10.0.12'] });
  await registerNode(cluster, { name: 'node-1', ip: '10.10.0.11' });
  await registerNode(cluster, { name: 'node-2', ip: '10.10.0.12' });
  const [port = 0] = await freePorts(1);
  await cluster.kubectl(['apply', '-f', '-'], list([namespace('edge'), namespace('team-a')]));
  return {
    cluster,
    fake,
    options: {
      dir: cluster.dir,
      kubeconfig,
      cloudsYaml: fake.cloudsYaml,
      cloud: 'tenant-a',
      port,
      flags: ['--no-leader-election'],
    },
    stop: async () => {
      await fake.stop();
      await cluster.stop();
    },
  };
}
