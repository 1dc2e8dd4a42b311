import { type Cloud, connect } from 'openstack-sdk-lite/cloud';
import { environmentCredentials } from 'openstack-sdk-lite/config/environment';
import { startControlPlane } from '../../kubernetes/control-plane.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { freePorts } from '../../kubernetes/free-ports.ts';
import { type Nodes, startNodes } from '../../kubernetes/nodes/start-nodes.ts';
import { stopProgram } from '../../kubernetes/programs.ts';
import { type CloudView, cloudView } from '../../openstack/cloud-view.ts';
import { letInToPods, raiseFirewall } from '../../openstack/node-firewall.ts';
import { labNetwork } from '../../openstack/lab-network.ts';
import { type Lab, openLab } from '../../openstack/lab.ts';
import { installOctopool } from '../../support/install.ts';
import { startOperator } from '../../support/operator-process.ts';
import { noBalancers } from '../support/no-balancers.ts';
import { type End, endedInOrder } from '../support/ended-in-order.ts';

/**
 * A cloud, a cluster of real nodes on its network, and the operator as a process. For Pods as members its owner did what a customer
 * does: the router knows the way to every Pod, and a security group of the nodes lets the balancers' subnet reach the Pods' port.
 */
export interface World {
  readonly lab: Lab;
  readonly view: CloudView;
  readonly cluster: ControlPlane;
  readonly nodes: Nodes;
  /** From now on nodes get only what their security groups let in, as they are now. */
  raiseFirewall(): Promise<void>;
  /** Deletes every balancer, and ends all but the lab. */
  stop(): Promise<void>;
}

export function openWorld(progress: (line: string) => void): Promise<World> {
  return endedInOrder((ends) => start(progress, ends));
}

async function start(progress: (line: string) => void, ends: End[]): Promise<Omit<World, 'stop'>> {
  const lab = await openLab({ nodes: 3, progress });
  const view = cloudView(lab);
  ends.push(() => view.close());
  const cluster = await startControlPlane({ nodes: 'real', progress });
  ends.push(() => cluster.stop());
  const nodes = await startNodes(cluster, { network: await labNetwork(lab), progress });
  ends.push(() => nodes.stop());
  const { neutron } = customer(lab, ends);
  ends.push(await letInToPods(neutron, lab, { cidr: '10.10.0.0/16', port: 8080 }));
  const kubeconfig = await installOctopool(cluster);
  const [port = 0] = await freePorts(1);
  await startOperator({ dir: cluster.dir, kubeconfig, cloudsYaml: lab.cloudsYaml, cloud: 'tenant-a', port });
  ends.push(() => stopProgram(cluster.dir, 'operator', 'SIGTERM', 60));
  ends.push(() => noBalancers(cluster));
  return {
    lab,
    view,
    cluster,
    nodes,
    raiseFirewall: async () => void ends.push(await raiseFirewall(neutron, lab)),
  };
}

function customer(lab: Lab, ends: End[]): Cloud {
  const environment = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml, OS_CLOUD: 'tenant-a' };
  const cloud = connect({ credentials: environmentCredentials(environment), userAgent: 'by-hand' });
  ends.push(() => cloud.close());
  return cloud;
}
