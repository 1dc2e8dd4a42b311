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
  const [ip] = await clientAddresses(lab);
  if (ip === undefined) throw new Error(`the namespace ${namespace} has no IPv4 address`);
  return {
    nodes: lab.nodes.map(({ name, ip: address, ns }) => ({ name, ip: address, namespace: ns })),
    client: { namespace, ip },
    router: namespace.replace(/-client$/, '-sw'),
  };
}

/** IPv4 addresses of the client outside of the cloud; it asks from the first unless told otherwise. */
export async function clientAddresses(lab: Lab): Promise<readonly string[]> {
  const text = await runCommand({ program: 'ip', args: ['-n', lab.clientExec.at(-1) ?? '', '-j', 'addr'] });
  return addressesSchema
    .parse(JSON.parse(text))
    .filter((link) => link.ifname !== 'lo')
    .flatMap((link) => link.addr_info)
    .filter((address) => address.family === 'inet')
    .map((address) => address.local);
}
