import { type Cloud, connect } from 'openstack-sdk-lite/cloud';
import { environmentCredentials } from 'openstack-sdk-lite/config/environment';
import { startControlPlane } from '../../kubernetes/control-plane.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { freePorts } from '../../kubernetes/free-ports.ts';
import { type CloudView, cloudView } from '../../openstack/cloud-view.ts';
import { clientAddresses } from '../../openstack/lab-network.ts';
import { type Lab, openLab } from '../../openstack/lab.ts';
import { installOctopool } from '../../support/install.ts';
import { list, type Manifest } from '../../support/manifests.ts';
import { registerNode } from '../../support/node-objects.ts';
import { type OperatorProcess, type OperatorProcessOptions, startOperator } from '../../support/operator-process.ts';
import { stopProgram } from '../../kubernetes/programs.ts';
import { type EchoServers, startEcho } from './echo-servers.ts';
import { noBalancers } from './no-balancers.ts';
import { type End, endedInOrder } from './ended-in-order.ts';

/** The project of its nodes. Those with real nodes are tenant-a's, and run beside these. */
const project = 'tenant-b';
/** How the cloud's log names these operators' calls. */
export const operatorAgent = `${project} octopool/`;

/** The operator as a process between a real API server and the OpenStack lab; on the lab's nodes echo servers stand for Pods. */
export interface World {
  readonly lab: Lab;
  readonly view: CloudView;
  /** The cloud as its customer reaches it by hand. */
  readonly cloud: Cloud;
  readonly cluster: ControlPlane;
  readonly echo: EchoServers;
  /** As it was started; who starts another one may do so with the same options. */
  readonly operator: OperatorProcess;
  readonly operatorOptions: OperatorProcessOptions;
  /** Of the client outside of the cloud; it asks from the first unless told otherwise. */
  readonly clients: readonly string[];
  apply(...objects: readonly Manifest[]): Promise<void>;
  /** Deletes every balancer, waits until the cloud has none, and ends all but the lab. */
  stop(): Promise<void>;
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

export function openWorld(of: { readonly echoPorts: readonly number[] }): Promise<World> {
  return endedInOrder((ends) => start(of, ends));
}

async function start(
  { echoPorts }: { readonly echoPorts: readonly number[] },
  ends: End[],
): Promise<Omit<World, 'stop'>> {
  const lab = await openLab({ nodes: 3, progress, tenant: project });
  const view = cloudView(lab);
  ends.push(() => view.close());
  const cloud = tenant(lab);
  ends.push(() => cloud.close());
  const cluster = await startControlPlane({ progress });
  ends.push(() => cluster.stop());
  const echo = await startEcho(lab, cluster.dir, echoPorts);
  ends.push(() => echo.stop());
  const kubeconfig = await installOctopool(cluster);
  for (const node of lab.nodes) await registerNode(cluster, node);
  const [port = 0] = await freePorts(1);
  const { cloudsYaml } = lab;
  const flags = [`--user-agent=${project}`]; // by which its calls are told from those of tenant-a's operators
  const operatorOptions = { dir: cluster.dir, kubeconfig, cloudsYaml, cloud: project, port, flags };
  const operator = await startOperator(operatorOptions);
  ends.push(() => stopProgram(cluster.dir, 'operator', 'SIGTERM', 60));
  ends.push(() => noBalancers(cluster));
  return {
    lab,
    view,
    cloud,
    cluster,
    echo,
    operator,
    operatorOptions,
    clients: await clientAddresses(lab),
    apply: async (...objects) => void (await cluster.kubectl(['apply', '-f', '-'], list(objects))),
  };
}

function tenant(lab: Lab): Cloud {
  const environment = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml, OS_CLOUD: lab.tenant };
  return connect({ credentials: environmentCredentials(environment), userAgent: 'by-hand' });
}
