import { OpenStackError } from 'openstack-sdk-lite/transport/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CloudId, IpAddress, Uid } from '../../operator/core/model/brand.ts';
import type {
  NodeAccessDone,
  NodeFailure,
  NodeOperation,
  SeenNodeAccess,
  SeenNodeAddress,
  SeenNodePort,
  SeenNodeRule,
} from '../../operator/core/model/node-access.ts';
import { judge as judgeError } from '../../operator/octavia/failure.ts';
import type { NodesWorld } from './world.ts';

const fault = z.strictObject({ status: z.int(), fault: z.string(), request: z.string().optional() });

/** cloud.yaml of a case about the nodes: every node has a port of its own, and this besides. */
const schema = z.strictObject({
  /** Nodes whose port is not found. */
  withoutPort: z.array(z.string()).default([]),
  withoutPortSecurity: z.array(z.string()).default([]),
  /** `madeFor`: the UID of the node; left out: a person's. */
  floatingIPs: z
    .array(z.strictObject({ address: z.string(), node: z.string().optional(), madeFor: z.string().optional() }))
    .default([]),
  /** The group is there, with these; `service`: the UID of whose; left out: a person's. */
  rules: z
    .array(
      z.strictObject({
        protocol: z.enum(['tcp', 'udp', 'sctp']),
        port: z.int(),
        cidr: z.string(),
        service: z.string().optional(),
      }),
    )
    .optional(),
  /** What it answers to operations of a kind. */
  refuses: z.record(z.string(), fault).default({}),
  unseen: fault.optional(),
});

type Answers = z.output<typeof schema>;

/** Neutron around the nodes of a case: it does what it is told, but for what it refuses. */
export class NodesCloud {
  readonly #answers: Answers;
  #seen: SeenNodeAccess;

  constructor(text: string | undefined, { nodes }: NodesWorld) {
    const answers = schema.parse(text === undefined ? {} : parse(text));
    this.#answers = answers;
    const ports = nodes.filter(({ name }) => !answers.withoutPort.includes(name)).map((node) => portOf(node, answers));
    this.#seen = {
      group: answers.rules === undefined ? undefined : { id: 'group' as CloudId, rules: answers.rules.map(ruleOf) },
      ports,
      former: [],
      missing: answers.withoutPort,
      addresses: answers.floatingIPs.map((one) => addressOf(one)),
    };
  }

  observe():
    | SeenNodeAccess
    | { readonly kind: 'unseen'; readonly problem: NodeFailure['problem']; readonly retryAfterMs: undefined } {
    const { unseen } = this.#answers;
    return unseen === undefined ? this.#seen : { kind: 'unseen', problem: problemOf(unseen), retryAfterMs: undefined };
  }

  execute(operations: readonly NodeOperation[]): NodeAccessDone {
    const failed = operations.flatMap((operation): readonly NodeFailure[] => {
      const answer = this.#answers.refuses[operation.kind];
      return answer === undefined ? [] : [{ operation, problem: problemOf(answer), retryAfterMs: undefined }];
    });
    const applied = operations.filter((operation) => failed.every((one) => one.operation !== operation));
    for (const operation of applied) this.#apply(operation);
    return { applied, failed };
  }

  /** What a report looks at: addresses, and where they are. */
  #apply(operation: NodeOperation): void {
    const { addresses } = this.#seen;
    switch (operation.kind) {
      case 'createNodeAddress': {
        const address = `198.51.100.${addresses.length + 5}` as IpAddress;
        const made = { id: `id:${address}` as CloudId, address, madeFor: operation.on.node.uid };
        this.#seen = { ...this.#seen, addresses: [...addresses, { ...made, portId: operation.on.port.id }] };
        return;
      }
      case 'moveNodeAddress':
      case 'deleteNodeAddress': {
        const [moved] = addresses.filter(({ id }) => id === operation.id);
        const others = addresses.filter(({ id }) => id !== operation.id);
        const there =
          operation.kind === 'deleteNodeAddress' || moved === undefined
            ? []
            : [{ ...moved, portId: operation.on.port.id }];
        this.#seen = { ...this.#seen, addresses: [...others, ...there] };
        return;
      }
      default:
    }
  }
}

function portOf(
  { name, addresses }: NodesWorld['nodes'][number],
  { withoutPortSecurity, rules }: Answers,
): SeenNodePort {
  return {
    id: `port:${name}` as CloudId,
    node: name,
    subnets: addresses.map((address) => ({ id: 'subnet' as CloudId, address })),
    securityGroupIds: rules === undefined ? [] : ['group' as CloudId],
    portSecurity: !withoutPortSecurity.includes(name),
    revision: 1,
  };
}

function ruleOf({ protocol, port, cidr, service }: NonNullable<Answers['rules']>[number]): SeenNodeRule {
  const id = `rule:${protocol}-${port}` as CloudId;
  return { id, ours: service !== undefined, service: service as Uid | undefined, protocol, min: port, max: port, cidr };
}

function addressOf({ address, node, madeFor }: Answers['floatingIPs'][number]): SeenNodeAddress {
  return {
    id: `id:${address}` as CloudId,
    address: address as IpAddress,
    madeFor: madeFor as Uid | undefined,
    portId: node === undefined ? undefined : (`port:${node}` as CloudId),
  };
}

function problemOf({ status, fault: faultText, request: requestId }: z.output<typeof fault>): NodeFailure['problem'] {
  const failure = judgeError(new OpenStackError({ kind: 'http', status, faultText, requestId, service: 'neutron' }));
  if (!('problem' in failure)) throw new Error(`${status} is no failure`);
  return failure.problem;
}
