import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { haproxyConfigs, section, virtualServers } from '../openstack/rendered.ts';
import { type Manifest, namespace, sharedBalancer } from '../support/manifests.ts';
import { type Answer, ask, askAll, askOnce } from './support/ask.ts';
import { listenerNamed, membersOf, poolNamed } from './support/cloud-objects.ts';
import { type EchoServers, startEcho } from './support/echo-servers.ts';
import { addressOf, loadBalancerOf, programmed, route, service } from './support/objects.ts';
import { shownFingerprint, startTls, type TlsServers } from './support/tls-servers.ts';
import { openWorld, type World } from './support/world.ts';

/** Ports that routes claim for themselves. The lab carries no UDP and no SCTP: there the cloud's objects and what it renders are the proof. */

const nodePorts = { db: 31_101, names: 31_102, secure: 31_103, datagrams: 31_104, signals: 31_105 };
const tlsNodes = ['node-1', 'node-2'];
let world: World;
let tls: TlsServers;
let plain: EchoServers;
let address: string;
let balancer: string;

const services = [
  service('db', nodePorts.db),
  service('names-tcp', nodePorts.names),
  service('names-udp', nodePorts.datagrams, { protocol: 'UDP' }),
  service('secure', nodePorts.secure),
  service('signals', nodePorts.signals, { protocol: 'SCTP' }),
];

function port(name: string, l4: Manifest, backendPolicy: Manifest = {}): Manifest {
  const policy = { maxNodes: 2, ...backendPolicy };
  return route(name, { l4: { backends: [{ service: name, port: 80 }], ...l4 }, backendPolicy: policy });
}

/** A database that one address may reach. */
function database(inside: string): Manifest {
  const timeouts = { clientData: '10m', memberConnect: '2s', memberData: '20m' };
  return port('db', { port: 5432, sourceRanges: [`${inside}/32`], connectionLimit: 500, timeouts });
}

beforeAll(async () => {
  const { db, names } = nodePorts;
  world = await openWorld({ echoPorts: [db, names] });
  tls = await startTls(world.lab, world.cluster.dir, { port: nodePorts.secure, nodes: tlsNodes });
  const others = world.lab.nodes.filter(({ name }) => !tlsNodes.includes(name));
  plain = await startEcho({ nodes: others }, world.cluster.dir, [nodePorts.secure]);
  await world.apply(
    ...['edge', 'team-a'].map(namespace),
    ...services,
    database(world.clients[0] ?? ''),
    port('names-tcp', { port: 53 }),
    port('names-udp', { port: 53, protocol: 'UDP' }),
    port('signals', { port: 3868, protocol: 'SCTP' }),
    port('secure', { port: 8443 }, { maxNodes: 3, healthMonitor: { type: 'TLSHello', delay: '2s', timeout: '1s' } }),
    sharedBalancer({ namespace: 'edge', name: 'public', spec: { listeners: [] } }),
  );
  await programmed(world);
  [address, balancer] = await Promise.all([addressOf(world), loadBalancerOf(world)]);
  await ask(world.lab, { address, port: 5432 });
}, 3_600_000);

afterAll(async () => {
  await Promise.all([tls?.stop(), plain?.stop()]);
  await world?.stop();
}, 420_000);

const told = ({ status, echo }: Answer) => ({ status, port: echo?.port });
const served = { status: 200, port: nodePorts.db };
const nobody = { status: 0, port: undefined };

function fromEach(): Promise<readonly ReturnType<typeof told>[]> {
  const [first, second] = world.clients;
  if (first === undefined || second === undefined) throw new Error('the client has two addresses');
  return Promise.all(
    [first, second].map(async (from) => told(await askOnce(world.lab, { address, port: 5432, from, seconds: 3 }))),
  );
}

describe('TCP', () => {
  test('bytes pass both ways', async () => {
    const script = `exec 3<>/dev/tcp/${address}/53; echo over tcp >&3; read -r -t 10 line <&3; echo "$line"`;
    const line = await waitFor('a line comes back', 60, async () => {
      const text = await world.lab.client(['bash', '-c', script], 15).catch(() => '');
      return text.trim() || undefined;
    });
    expect(line).toMatch(new RegExp(`^node-[123]:${nodePorts.names} over tcp$`));
  });

  test('who is not in sourceRanges gets no connection; and the ranges can be changed', async () => {
    expect(await fromEach()).toEqual([served, nobody]);
    await world.apply(database(world.clients[1] ?? ''));
    await waitFor('the second address is let in', 120, async () =>
      (await fromEach())[1]?.status === 200 ? true : undefined,
    );
    expect(await fromEach()).toEqual([nobody, served]);
  }, 300_000);

  test('limit and timeouts are in the configuration that HAProxy runs with', async () => {
    const listener = await listenerNamed(world, balancer, 'team-a/db/tcp-5432');
    const pool = await poolNamed(world, balancer, 'team-a/db/l4');
    const configs = await haproxyConfigs(balancer);
    expect(configs.length).toBe(2);
    for (const config of configs) {
      expect(section(config, `frontend ${listener.id}`)).toEqual(
        expect.arrayContaining(['maxconn 500', 'mode tcp', 'timeout client 600000']),
      );
      expect(section(config, `backend ${pool.id}:${listener.id}`)).toEqual(
        expect.arrayContaining(['timeout connect 2000', 'timeout server 1200000']),
      );
    }
  });
});

describe('TLS that passes through', () => {
  test('the client is shown the certificate of the backend, and its requests are answered', async () => {
    expect(await shownFingerprint(world.lab, address, 8443)).toBe(tls.fingerprint);
    expect(await askOnce(world.lab, { scheme: 'https', address, port: 8443 })).toMatchObject({ status: 200 });
  });

  test('a TLSHello monitor takes a node out that listens and speaks no TLS', async () => {
    const pool = await poolNamed(world, balancer, 'team-a/secure/l4');
    const health = await waitFor('the monitor has seen all nodes', 120, async () => {
      const members = Object.entries(await membersOf(world, pool.id));
      const said = Object.fromEntries(members.map(([node, member]) => [node, member.operating_status]));
      return said['node-1'] === 'ONLINE' && said['node-3'] === 'ERROR' ? said : undefined;
    });
    expect(health).toEqual({ 'node-1': 'ONLINE', 'node-2': 'ONLINE', 'node-3': 'ERROR' });
    const answers = await askAll(world.lab, { scheme: 'https', address, port: 8443 }, 12);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }, 180_000);
});

describe('UDP and SCTP', () => {
  test('TCP 53 and UDP 53 are two listeners of one balancer, both ACTIVE, and SCTP stands beside them', async () => {
    const listeners = await world.cloud.octavia.listeners.list({ loadbalancer_id: balancer });
    const shown = listeners.map((one) => `${one.protocol} ${one.protocol_port} ${one.provisioning_status}`);
    expect(shown.toSorted()).toEqual([
      'SCTP 3868 ACTIVE',
      'TCP 53 ACTIVE',
      'TCP 5432 ACTIVE',
      'TCP 8443 ACTIVE',
      'UDP 53 ACTIVE',
    ]);
  });

  test.each([
    { name: 'names-udp', part: 'udp-53', protocol: 'UDP', nodePort: nodePorts.datagrams, monitor: 'UDP-CONNECT' },
    { name: 'signals', part: 'sctp-3868', protocol: 'SCTP', nodePort: nodePorts.signals, monitor: 'SCTP' },
  ])('$protocol: the nodes are real servers of a virtual server, with a monitor', async (of) => {
    const listener = await listenerNamed(world, balancer, `team-a/${of.name}/${of.part}`);
    const [config, ...rest] = await virtualServers(listener.id);
    expect(rest).toEqual([config]);
    expect(config).toContain(`protocol ${of.protocol}`);
    const servers = [...(config ?? '').matchAll(/real_server (\S+) (\d+)/g)].map(([, ip, at]) => `${ip} ${at}`);
    const nodes = new Set(world.lab.nodes.map(({ ip }) => `${ip} ${of.nodePort}`));
    expect(servers.length).toBe(2); // maxNodes
    expect(servers.filter((server) => !nodes.has(server))).toEqual([]);
    const monitors = await world.cloud.octavia.healthMonitors.list({});
    const pool = await poolNamed(world, balancer, `team-a/${of.name}/l4`);
    expect(monitors.filter(({ pools }) => pools[0]?.id === pool.id).map(({ type }) => type)).toEqual([of.monitor]);
  });
});
