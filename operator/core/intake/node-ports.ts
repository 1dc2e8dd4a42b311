import type { AccessNode, NodePortIntent } from '../model/node-access.ts';
import {
  addressesAnnotation,
  asksForNodes,
  type NodePortService,
  sourcesAnnotation,
} from '../model/node-port-service.ts';
import type { Problem } from '../model/reason.ts';
import type { NodeObject, PlainServiceObject } from '../model/snapshot.ts';
import { tooManyNetworks } from './too-many-networks.ts';

/** Most nodes that one Service may ask public addresses for. */
const mostAddresses = 32;

/** NodePort Services → what they ask of the nodes. A value that cannot be read holds what there is. */
export function nodePortIntents(services: readonly NodePortService[]): readonly NodePortIntent[] {
  return services
    .filter(({ object }) => asksForNodes(object) && object.service.deletedAt === undefined)
    .map(({ object, ports }) => {
      const [sources, addresses] = [sourcesOf(object), addressesOf(object)];
      return {
        meta: object.meta,
        ports: ports.flatMap(({ protocol, nodePort }) =>
          nodePort === undefined ? [] : [{ protocol: lower(protocol), nodePort }],
        ),
        sources: typeof sources === 'object' && 'reason' in sources ? 'held' : sources,
        addresses: typeof addresses === 'object' ? 'held' : addresses,
        problem: [sources, addresses].find(isProblem),
        paused: object.switches.paused,
        recorded: object.service.recordedReachable,
      };
    });
}

/** Services that were told and do not ask any more. */
export function fallenSilent(services: readonly NodePortService[]): readonly PlainServiceObject[] {
  return services
    .map(({ object }) => object)
    .filter((object) => !asksForNodes(object) && object.service.deletedAt === undefined);
}

export function accessNodes(nodes: readonly NodeObject[]): readonly AccessNode[] {
  return nodes.map(({ name, uid, addresses, ready, leaving }) => ({
    name,
    uid,
    addresses,
    state: leaving ? 'leaving' : ready ? 'ready' : 'unready',
  }));
}

function sourcesOf({ service, switches }: PlainServiceObject): NodePortIntent['sources'] | Problem {
  const text = service.annotations[sourcesAnnotation];
  if (text === undefined) return undefined;
  const read = service.nodePortSources ?? { invalid: text };
  if ('invalid' in read)
    return invalid(
      `Annotation ${sourcesAnnotation}: ${JSON.stringify(read.invalid)} is no network. Write networks as 192.0.2.0/24 or 2001:db8::/32, with commas between them; 0.0.0.0/0 for everybody.`,
    );
  return tooManyNetworks(`Annotation ${sourcesAnnotation}`, read.cidrs) ?? (switches.paused ? 'held' : read.cidrs);
}

function addressesOf({ service, switches }: PlainServiceObject): NodePortIntent['addresses'] | Problem {
  const text = service.annotations[addressesAnnotation];
  if (text === undefined) return 0;
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > mostAddresses)
    return invalid(
      `Annotation ${addressesAnnotation}: ${JSON.stringify(text)} is no number of nodes. Write one from 1 to ${mostAddresses}.`,
    );
  return switches.paused ? 'held' : count;
}

function invalid(message: string): Problem {
  return { reason: 'Invalid', message };
}

function isProblem(value: NodePortIntent['sources'] | NodePortIntent['addresses'] | Problem): value is Problem {
  return typeof value === 'object' && 'reason' in value;
}

function lower(protocol: NodePortService['ports'][number]['protocol']): NodePortIntent['ports'][number]['protocol'] {
  switch (protocol) {
    case 'TCP':
      return 'tcp';
    case 'UDP':
      return 'udp';
    case 'SCTP':
      return 'sctp';
  }
}
