import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dedicated, plainService, teamWorld, webOf } from './support/plain-services.ts';
import { condition, messageOf, publicBalancer, type SmallWorld, writesOf } from './support/small-world.ts';

/** A Service names a public address, or a port, of the project that is not free. */

let world: SmallWorld;

beforeEach(async () => {
  world = await teamWorld();
});
afterEach(async () => world.close());

const web = () => webOf(world);
const floatingIPs = () => world.fake.world.neutron.floatingip.all();

async function ask(loadBalancerIP: string): Promise<void> {
  world.cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated, spec: { loadBalancerIP } }));
  await world.operator.settle();
}

test('the address of a SharedBalancer is not taken away by a Service that names it', async () => {
  await world.bringUp(1);
  const [floating] = floatingIPs();
  const before = { ...floating };
  world.calls();
  await ask(before.floating_ip_address ?? '');
  expect(floatingIPs()).toEqual([before]);
  expect(writesOf(world.calls())).toEqual([]);
  expect({
    accepted: condition(web(), 'octopool.dev/Accepted'),
    message: messageOf(web(), 'octopool.dev/Accepted'),
    told: (web()?.['status'] as { loadBalancer?: unknown } | undefined)?.loadBalancer,
  }).toEqual({
    accepted: 'False AddressMismatch',
    message: `Floating IP ${before.floating_ip_address} is on another port. Take it off there, or name another address.`,
    told: { ingress: [] },
  });
});

test('a balancer whose load balancer is deleted by hand gets the address back that it names', async () => {
  await world.bringUp(1);
  const [floating] = floatingIPs();
  const address = floating?.floating_ip_address ?? '';
  world.cluster.apply(
    ...publicBalancer({ network: { floatingIP: { mode: 'Existing', address, reclaimPolicy: 'Retain' } } }),
  );
  await world.operator.settle();
  const { id } = world.loadBalancer();
  world.fake.do({ do: 'remove', kind: 'loadbalancer', id });
  await world.operator.settle();
  expect(world.loadBalancer().id).not.toBe(id);
  expect(floatingIPs()).toEqual([
    expect.objectContaining({ floating_ip_address: address, port_id: world.loadBalancer().vip_port_id }),
  ]);
  expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
});

function annotated(annotations: object) {
  return publicBalancer().map((one) => ({ ...one, metadata: { ...(one['metadata'] as object), annotations } }));
}

async function askForPort(port: string): Promise<string> {
  const annotations = { 'loadbalancer.openstack.org/port-id': port };
  world.cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated, annotations }));
  await world.operator.settle();
  return messageOf(web(), 'octopool.dev/Programmed');
}

test('the port of a node is not made a VIP by a Service that names it', async () => {
  const ports = () => world.fake.world.neutron.port.all();
  const [node] = ports().filter(({ device_owner }) => device_owner.startsWith('compute:'));
  const before = { ...node };
  expect(await askForPort(before.id ?? '')).toBe(`Port ${before.id} is in use already. Name another port.`);
  expect(ports().find(({ id }) => id === before.id)?.device_owner).toBe(before.device_owner);
  expect(world.fake.world.octavia.tables.loadbalancer.all()).toEqual([]);
});

test('the port of a balancer whose load balancer is gone for a while is not given to a Service that names it', async () => {
  await world.bringUp(1);
  const { id, vip_port_id: port } = world.loadBalancer();
  world.cluster.apply(...annotated({ 'octopool.dev/paused': 'true' }));
  world.fake.do({ do: 'remove', kind: 'loadbalancer', id });
  expect(await askForPort(port ?? '')).toBe(`Port ${port} is in use already. Name another port.`);
  world.cluster.apply(...annotated({}));
  await world.operator.settle();
  expect(world.loadBalancer().vip_port_id).toBe(port);
});
