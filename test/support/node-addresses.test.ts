import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { cluster, digest } from './core-fixtures.ts';
import { diffNodeAddresses } from '../../operator/core/diff/node-addresses.ts';
import type { CloudId, IpAddress, Uid } from '../../operator/core/model/brand.ts';
import type {
  AccessNode,
  NodeAccessIntent,
  NodeOperation,
  NodePortIntent,
  SeenNodeAccess,
  SeenNodeAddress,
} from '../../operator/core/model/node-access.ts';
import { wantedNodeAddresses } from '../../operator/core/translate/node-addresses.ts';

/** Laws of who has a public address, over random clusters and whatever stands in the cloud. */

const state = fc.constantFrom<AccessNode['state'][]>('ready', 'ready', 'unready', 'leaving');
const holder = fc.constantFrom('nobody', 'nobody', 'ours', 'person');
const worlds = fc.record({
  nodes: fc.array(fc.record({ state, holder }), { maxLength: 8 }),
  /** Of ours, whose node is gone. */
  adrift: fc.integer({ min: 0, max: 2 }),
  asked: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
});

interface World {
  readonly intent: NodeAccessIntent;
  readonly seen: SeenNodeAccess;
}

function worldOf({ nodes, adrift, asked }: typeof worlds extends fc.Arbitrary<infer Of> ? Of : never): World {
  const all = nodes.map((node, at) => ({ ...node, name: `n${at}`, ip: `10.0.0.${at + 1}` as IpAddress }));
  const held = all.flatMap(({ name, holder: who }) =>
    who === 'nobody' ? [] : [address(`fip-${name}`, `port-${name}`, who === 'ours' ? `uid-${name}` : undefined)],
  );
  const lost = Array.from({ length: adrift }, (_, at) => address(`adrift-${at}`, undefined, `gone-${at}`));
  return {
    intent: {
      cluster,
      nodes: all.map(({ name, ip, state: is }) => ({ name, uid: `uid-${name}` as Uid, addresses: [ip], state: is })),
      portRange: { min: 30_000, max: 32_767 },
      sources: [],
      complete: true,
      services: asked.map((addresses) => ({ addresses }) as NodePortIntent),
      group: 'managed',
      floatingIPs: 'allowed',
    },
    seen: {
      group: undefined,
      ports: all.map(({ name, ip }) => ({
        id: `port-${name}` as CloudId,
        node: name,
        subnets: [{ id: 'subnet' as CloudId, address: ip }],
        securityGroupIds: [],
        portSecurity: true,
        revision: 1,
      })),
      former: [],
      missing: [],
      addresses: [...held, ...lost],
    },
  };
}

function address(id: string, portId: string | undefined, madeFor: string | undefined): SeenNodeAddress {
  return {
    id: id as CloudId,
    address: '198.51.100.1' as IpAddress,
    portId: portId as CloudId | undefined,
    madeFor: madeFor as Uid | undefined,
  };
}

function operations({ intent, seen }: World): readonly NodeOperation[] {
  return diffNodeAddresses({ cluster, all: intent.nodes, ...wantedNodeAddresses(intent, seen, digest) }, seen);
}

function after({ intent, seen }: World, done: readonly NodeOperation[]): World {
  let addresses = seen.addresses;
  for (const [at, operation] of done.entries()) {
    if (operation.kind === 'deleteNodeAddress') addresses = addresses.filter(({ id }) => id !== operation.id);
    if (operation.kind !== 'createNodeAddress' && operation.kind !== 'moveNodeAddress') continue;
    const id = operation.kind === 'moveNodeAddress' ? operation.id : (`made-${at}` as CloudId);
    const { node, port } = operation.on;
    const made = { id, address: '198.51.100.2' as IpAddress, portId: port.id, madeFor: node.uid };
    addresses = [...addresses.filter((one) => one.id !== id), made];
  }
  return { intent, seen: { ...seen, addresses } };
}

const law = (name: string, holds: (world: World) => void): void =>
  test(name, () =>
    fc.assert(
      fc.property(worlds, (world) => holds(worldOf(world))),
      { numRuns: 500 },
    ),
  );

law('one pass is enough', (world) => {
  expect(operations(after(world, operations(world)))).toEqual([]);
});

law(
  'as many nodes have an address as are asked for, as far as there are nodes, and nobody else has one of ours',
  (world) => {
    const { intent, seen } = after(world, operations(world));
    const asked = Math.max(0, ...intent.services.map(({ addresses }) => Number(addresses)));
    const usable = intent.nodes.filter(({ state: is }) => is === 'ready');
    const able = usable.length > 0 ? usable : intent.nodes.filter(({ state: is }) => is === 'unready');
    const bearing = able.filter(({ name }) => seen.addresses.some(({ portId }) => portId === `port-${name}`));
    expect(bearing.length).toBeGreaterThanOrEqual(Math.min(asked, able.length));
    const ours = seen.addresses.filter(({ madeFor }) => madeFor !== undefined);
    expect(ours.length).toBeLessThanOrEqual(asked);
    const leaving = new Set(intent.nodes.filter(({ state: is }) => is === 'leaving').map(({ name }) => `port-${name}`));
    expect(ours.filter(({ portId }) => portId === undefined || leaving.has(portId))).toEqual([]);
  },
);

law("a person's address is never touched", (world) => {
  const theirs = new Set<string>(
    world.seen.addresses.filter(({ madeFor }) => madeFor === undefined).map(({ id }) => id),
  );
  expect(operations(world).filter((one) => 'id' in one && theirs.has(one.id))).toEqual([]);
});

law('a node that comes moves nobody', (world) => {
  const settled = after(world, operations(world));
  const { intent, seen } = settled;
  fc.pre(intent.nodes.some(({ state: is }) => is === 'ready'));
  const asked = Math.max(0, ...intent.services.map(({ addresses }) => Number(addresses)));
  fc.pre(seen.addresses.filter(({ madeFor }) => madeFor !== undefined).length === asked);
  fc.pre(
    seen.addresses.every(({ portId }) =>
      intent.nodes.some(({ name, state: is }) => portId === `port-${name}` && is === 'ready'),
    ),
  );
  const newcomer: AccessNode = {
    name: 'new',
    uid: 'uid-new' as Uid,
    addresses: ['10.0.0.99' as IpAddress],
    state: 'ready',
  };
  const [like] = seen.ports;
  const subnets = [{ id: 'subnet' as CloudId, address: '10.0.0.99' as IpAddress }];
  const port = like === undefined ? [] : [{ ...like, id: 'port-new' as CloudId, node: 'new', subnets }];
  const grown = {
    intent: { ...intent, nodes: [...intent.nodes, newcomer] },
    seen: { ...seen, ports: [...seen.ports, ...port] },
  };
  expect(operations(grown)).toEqual([]);
});

test('while a wish cannot be read no address is taken away, and without the flag all of ours are', () => {
  const nodes = [{ state: 'ready', holder: 'ours' } as const, { state: 'ready', holder: 'ours' } as const];
  const world = worldOf({ nodes, adrift: 0, asked: [] });
  const held = { ...world, intent: { ...world.intent, services: [{ addresses: 'held' } as NodePortIntent] } };
  const off = { ...held, intent: { ...held.intent, floatingIPs: 'off' as const } };
  const kinds = [world, held, off].map((one) => operations(one).map(({ kind }) => kind));
  const both = ['deleteNodeAddress', 'deleteNodeAddress'];
  expect(kinds).toEqual([both, [], both]);
});
