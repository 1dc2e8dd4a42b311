import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openControlPlane, startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { freePorts } from '../kubernetes/free-ports.ts';
import { type Nodes, openNodes, startNodes } from '../kubernetes/nodes/start-nodes.ts';
import { type Lifetime, stopProgram } from '../kubernetes/programs.ts';
import type { Progress } from '../kubernetes/wait.ts';
import { type CloudView, cloudView } from '../openstack/cloud-view.ts';
import { labNetwork } from '../openstack/lab-network.ts';
import { closeLab, type Lab, openLab } from '../openstack/lab.ts';
import { installOctopool } from '../support/install.ts';
import type { OperatorProcessOptions } from '../support/operator-process.ts';

const repository = join(import.meta.dirname, '../..');
/** Everything of the demo's Kubernetes. */
export const demoDir = join(repository, '.octopool/demo');

/** A cloud, a cluster whose nodes are machines of that cloud, and Octopool installed in it. */
export interface World {
  readonly lab: Lab;
  readonly controlPlane: ControlPlane;
  readonly nodes: Nodes;
  readonly view: CloudView;
  /** How the operator is started. */
  readonly operator: OperatorProcessOptions;
  readonly lifetime: Lifetime;
}

/** Starts all of it; on a fresh machine packages are installed and Kubernetes is built first. */
export async function openWorld(lifetime: Lifetime, progress: Progress): Promise<World> {
  const lab = await openLab({ nodes: 3, progress });
  await mkdir(demoDir, { recursive: true, mode: 0o700 });
  progress('kubernetes: control plane');
  const controlPlane = await startControlPlane({ dir: demoDir, nodes: 'real', lifetime, progress });
  const nodes = await startNodes(controlPlane, { network: await labNetwork(lab), lifetime, progress });
  progress('octopool: custom resources and rights');
  const kubeconfig = await installOctopool(controlPlane);
  const [port = 0] = await freePorts(1);
  const operator = { dir: demoDir, kubeconfig, cloudsYaml: lab.cloudsYaml, cloud: 'tenant-a', port, lifetime };
  return { lab, controlPlane, nodes, view: cloudView(lab), operator, lifetime };
}

/** Ends whatever of the demo runs, also when another process started it. */
export async function closeWorld(progress: Progress): Promise<void> {
  progress('stopping: operator');
  await stopProgram(demoDir, 'operator', 'SIGTERM', 60);
  progress('stopping: nodes, control plane');
  await (await openNodes(demoDir))?.stop();
  await (await openControlPlane(demoDir))?.stop();
  await rm(demoDir, { recursive: true, force: true });
  progress('stopping: OpenStack');
  await closeLab();
}
