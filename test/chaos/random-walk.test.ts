import { afterEach, expect, test } from '@jest/globals';
import { readTags } from '../../operator/core/model/tags.ts';
import { isWrite } from '../fake-openstack/calls.ts';
import type { Manifest } from '../support/manifests.ts';
import { namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { RandomTenants, teams } from './support/random-tenants.ts';
import { randomTrouble } from './support/random-trouble.ts';
import { Dice } from '../support/dice.ts';
import { node, type SmallWorld, smallWorld } from './support/small-world.ts';

/**
 * Six tenants edit, the cloud fails, the process restarts, nodes come and go. Whenever all is quiet the cloud is what is wanted, nothing
 * is left over, and nobody noticed what another tenant did. A new seed every run; a failure names it.
 */

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const steps = Number(process.env['STEPS'] ?? 10_000);
const stepsPerQuiet = 25;

let world: SmallWorld | undefined;
afterEach(() => world?.close());

async function furnished(): Promise<SmallWorld> {
  const world = await smallWorld({ nodes: 3 });
  const listeners = [
    { name: 'http', port: 80, protocol: 'HTTP' },
    { name: 'alt', port: 8080, protocol: 'HTTP' },
  ];
  const services: Manifest[] = teams.flatMap((team, at) =>
    ['a', 'b', 'c'].map((name, n) => nodePortService({ namespace: team, name, nodePort: 30_100 + at * 10 + n })),
  );
  world.cluster.apply(namespace('edge'), ...teams.map(namespace), ...services);
  world.cluster.apply(sharedBalancer({ namespace: 'edge', name: 'public', spec: { listeners } }));
  await world.operator.settle();
  return world;
}

/** What the owners of all routes but one team's read, routes that share a hostname with others left out. */
function verdictsOfOthers(world: SmallWorld, team: string): Readonly<Record<string, unknown>> {
  const routes = world.cluster
    .all('ServiceRoute')
    .filter(({ metadata }) => metadata.namespace !== team && !metadata.name.startsWith('shared'));
  return Object.fromEntries(
    routes.map((route) => {
      const status = route['status'] as {
        readonly rules?: readonly { readonly name: string; readonly state: string }[];
      };
      return [
        `${route.metadata.namespace}/${route.metadata.name} ${route.metadata.uid} ${route.metadata.generation}`,
        (status?.rules ?? []).map(({ name, state }) => `${name} ${state}`),
      ];
    }),
  );
}

/** Tags of objects whose owner is gone, and Neutron objects beyond the one port and the one address. */
function leftovers(world: SmallWorld): readonly string[] {
  const { octavia, neutron } = world.fake.world;
  const uids = new Set(
    [...world.cluster.all('ServiceRoute'), ...world.cluster.all('SharedBalancer')].map(({ metadata }) => metadata.uid),
  );
  const { tables } = octavia;
  const children = [...tables.listener.all(), ...tables.pool.all(), ...tables.l7policy.all()];
  const orphans = children.flatMap(({ tags, name }) => {
    const owner = readTags(tags)?.owner;
    return owner === undefined || uids.has(owner) ? [] : [`${name} of ${owner}`];
  });
  const keys = children.flatMap(({ tags }) => readTags(tags)?.key ?? []);
  const doubles = keys.filter((key, at) => keys.indexOf(key) !== at);
  const ports = neutron.port.all().filter(({ description }) => description.startsWith('octopool'));
  return [
    ...orphans,
    ...doubles.map((key) => `twice ${key}`),
    ...ports.slice(1).map(({ id }) => `port ${id}`),
    ...neutron.floatingip
      .all()
      .slice(1)
      .map(({ id }) => `floating IP ${id}`),
    ...tables.loadbalancer
      .all()
      .slice(1)
      .map(({ id }) => `load balancer ${id}`),
  ];
}

test(`10,000 random steps of six tenants: at every quiet point the cloud is what is wanted, and tenants do not notice each other (SEED=${seed})`, async () => {
  const dice = new Dice(seed);
  world = await furnished();
  const tenants = new RandomTenants(dice, world.cluster);
  for (let step = 0; step < steps; step += stepsPerQuiet) {
    const team = dice.one(teams);
    const before = verdictsOfOthers(world, team);
    const nodes = dice.roll(12) === 0;
    for (let edit = 0; edit < stepsPerQuiet - 2; edit += 1) tenants.edit(team);
    if (nodes) moveNode(dice, world);
    randomTrouble(dice, world.fake);
    if (dice.roll(5) === 0) await world.restart();
    // what fails now may fail; it is the end that counts
    await world.operator.pass('edge/public' as never).catch(() => undefined);
    world.fake.clearFaults();
    await world.operator.settle();
    world.calls();
    await world.operator.pass('edge/public' as never);
    const found = {
      step,
      team,
      writes: world
        .calls()
        .filter(isWrite)
        .map(({ method, path }) => `${method} ${path}`),
      leftovers: leftovers(world),
      others: verdictsOfOthers(world, team),
    };
    expect(found).toEqual({ step, team, writes: [], leftovers: [], others: before });
  }
}, 3_600_000);

/** One of the three is away, or all are there. */
function moveNode(dice: Dice, { cluster }: SmallWorld): void {
  if (cluster.all('Node').length < 3) cluster.apply(node('node-3', '10.10.0.13'));
  else if (dice.roll(2) === 0) cluster.remove('Node', undefined, 'node-3');
}
