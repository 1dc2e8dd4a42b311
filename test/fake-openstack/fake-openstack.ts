import { mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { Calls, type LoggedCall } from './calls.ts';
import { type FakeClock, realClock, SteppedClock } from './clock.ts';
import { type Command, command } from './commands.ts';
import { type Armed, type FaultRule, Faults } from './faults.ts';
import { Ids } from './ids.ts';
import { cloudsYaml } from './keystone/accounts.ts';
import { type Front, listen, type WriteWatcher } from './server.ts';
import { seed } from './seed.ts';
import { services } from './services.ts';
import { type Switches, usualSwitches } from './switches.ts';
import { makeWorld, type World } from './world.ts';

export interface FakeOptions {
  /** One line a request, as the lab writes them. */
  readonly accessLog?: string;
  /** `stepped`: time stands still until `advance`; what is PENDING_* stays so. */
  readonly clock?: 'real' | 'stepped';
  readonly switches?: Partial<Switches>;
  /** Another one gives other ids. */
  readonly idSeed?: string;
}

/** A small OpenStack on loopback: Keystone, Octavia, Neutron and Barbican as far as the operator and its SDK know them. */
export interface FakeOpenStack {
  /** Where `POST /__control` takes commands from another process (remote-control.ts). */
  readonly url: string;
  readonly authUrl: string;
  /** Text of a clouds.yaml; its entries are named as the users: `tenant-a`, `tenant-a-admin`, `tenant-a-appcred`, ... */
  readonly cloudsYaml: string;
  /** Writes `clouds.yaml` into a folder; gives its path. */
  writeCloudsYaml(dir: string): Promise<string>;
  /** Every request since the start, refused ones included. */
  readonly calls: readonly LoggedCall[];
  /** The records themselves, for looking. */
  readonly world: World;
  readonly switches: Switches;
  fault(rule: FaultRule): Armed;
  clearFaults(): void;
  /** How many requests a `hold` fault keeps standing. */
  readonly held: number;
  release(): void;
  /** Told of every write, before it happens and before its answer leaves; it may keep either waiting. undefined: no longer. */
  onWrite(watcher: WriteWatcher | undefined): void;
  /** The same commands that `POST /__control` takes. */
  do(what: Command): unknown;
  /** Moves a stepped clock. */
  advance(ms: number): void;
  stop(): Promise<void>;
}

export async function startFakeOpenStack(options: FakeOptions = {}): Promise<FakeOpenStack> {
  const clock: FakeClock = options.clock === 'stepped' ? new SteppedClock() : realClock;
  const switches: Switches = { ...usualSwitches, ...options.switches };
  const world = makeWorld({ clock, switches, idSeed: options.idSeed ?? 'octopool' });
  seed(world);
  const calls = new Calls(options.accessLog);
  const faults = new Faults();
  const control = (given: unknown) => command({ world, faults, calls }, given);
  const front: Front = {
    serve: services(world),
    faults,
    calls,
    requestIds: new Ids('requests'),
    control,
    watcher: undefined,
  };
  const { servers, roots } = await listen(front);
  const authUrl = `${roots.keystone}/v3`;
  return {
    url: roots.keystone,
    authUrl,
    get cloudsYaml() {
      return cloudsYaml(authUrl, world.identity.accounts);
    },
    writeCloudsYaml: async (dir) => {
      const path = join(dir, 'clouds.yaml');
      await mkdir(dir, { recursive: true });
      await writeFile(path, cloudsYaml(authUrl, world.identity.accounts), { mode: 0o600 });
      return path;
    },
    calls: calls.all,
    world,
    switches,
    fault: (rule) => faults.arm(rule),
    clearFaults: () => faults.clear(),
    get held() {
      return faults.held;
    },
    release: () => faults.release(),
    onWrite: (watcher) => {
      front.watcher = watcher;
    },
    do: control,
    advance: (ms) => void control({ do: 'advance', ms }),
    stop: async () => {
      faults.clear();
      await Promise.all(servers.map(closed));
      calls.close();
    },
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
