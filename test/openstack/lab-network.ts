import { z } from 'zod';
import { runCommand } from '../kubernetes/command.ts';
import type { GivenNetwork } from '../kubernetes/nodes/start-nodes.ts';
import type { Lab } from './lab.ts';

const addressesSchema = z.array(
  z.object({ ifname: z.string(), addr_info: z.array(z.object({ family: z.string(), local: z.string() })) }),
);

/** The lab's machines as a network for real nodes; the API server is reached at the address of somebody outside of the cloud. */
export async function labNetwork(lab: Lab): Promise<GivenNetwork> {
  const namespace = lab.clientExec.at(-1) ?? '';
  const text = await runCommand({ program: 'ip', args: ['-n', namespace, '-j', 'addr'] });
  const ip = addressesSchema
    .parse(JSON.parse(text))
    .filter((link) => link.ifname !== 'lo')
    .flatMap((link) => link.addr_info)
    .find((address) => address.family === 'inet')?.local;
  if (ip === undefined) throw new Error(`the namespace ${namespace} has no IPv4 address`);
  return {
    nodes: lab.nodes.map(({ name, ip: address, ns }) => ({ name, ip: address, namespace: ns })),
    client: { namespace, ip },
    router: namespace.replace(/-client$/, '-sw'),
  };
}
