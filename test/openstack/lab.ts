import { join } from 'node:path';
import { z } from 'zod';
import { runCommand } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/wait.ts';

const folder = import.meta.dirname;
/** Everything that the lab keeps. `S` in the environment, which up.sh and labctl know too, names the lab of another place. */
export const labState = process.env['S'] || join(folder, '../../.octopool/lab');

export type Tenant = 'tenant-a' | 'tenant-b';

/** A running OpenStack with a real data plane. */
export interface Lab {
  /** The project of its nodes; named in clouds.yaml. */
  readonly tenant: Tenant;
  readonly cloudsYaml: string;
  /** One line a request: start in ms, service, method, URI, status, ms, bytes in, bytes out, User-Agent. */
  readonly accessLog: string;
  readonly nodes: readonly { readonly name: string; readonly ip: string; readonly ns: string }[];
  /** Addresses of its APIs on this machine's loopback, as its catalog names them. */
  readonly endpoints: readonly string[];
  /** Command words that run a program as somebody outside of the cloud. */
  readonly clientExec: readonly string[];
  /** Runs a program as somebody outside of the cloud; answers with its standard output. */
  client(argv: readonly string[], seconds?: number): Promise<string>;
  /** `<balancer>:MASTER` and `power`, as labctl kill says it. */
  kill(amphora: string, how: 'power' | 'haproxy' | 'keepalived'): Promise<string>;
  /** A load balancer's amphorae in one line each. */
  amphorae(): Promise<string>;
  /** Brings back what kill() took from a balancer. */
  revive(balancer: string): Promise<string>;
}

const infoSchema = z.object({
  clouds_yaml: z.string(),
  access_log: z.string(),
  client_ns: z.string(),
  auth_url: z.string(),
  octavia: z.string(),
  neutron: z.string(),
  barbican: z.string(),
  nodes: z.array(z.object({ name: z.string(), ip: z.string(), ns: z.string(), tenant: z.string() })),
});

/** Starts the lab where it does not run, with so many nodes of a tenant; they are for kubelets, so no echo servers run on them. */
export async function openLab(of: {
  readonly nodes: number;
  readonly progress: Progress;
  readonly tenant?: Tenant;
}): Promise<Lab> {
  const { tenant = 'tenant-a' } = of;
  if (!(await isUp())) {
    of.progress('openstack lab: up (its packages are installed when missing)');
    await runCommand({ program: 'bash', args: [join(folder, 'preflight.sh')] });
    await runCommand({ program: 'bash', args: [join(folder, 'up.sh')], seconds: 1_800 });
  }
  if (of.nodes > 0) await labctl(['nodes', String(of.nodes), 'none', tenant], 120);
  const info = infoSchema.parse(JSON.parse(await labctl(['info'])));
  const nodes = info.nodes.filter((node) => node.tenant === tenant).slice(0, of.nodes);
  of.progress(`openstack lab: ${nodes.length} nodes of ${tenant}`);
  const clientExec = ['ip', 'netns', 'exec', info.client_ns];
  return {
    tenant,
    cloudsYaml: info.clouds_yaml,
    accessLog: info.access_log,
    // tenant-b-node-1 of Neutron is the node-1 of that tenant's cluster
    nodes: nodes.map(({ name, ip, ns }) => ({ name: name.replace(`${tenant}-`, ''), ip, ns })),
    endpoints: [info.auth_url, info.octavia, info.neutron, info.barbican],
    clientExec,
    client: ([program = 'true', ...args], seconds = 30) => {
      const [first = '', ...rest] = clientExec;
      return runCommand({ program: first, args: [...rest, program, ...args], seconds });
    },
    kill: (amphora, how) => labctl(['kill', amphora, how], 60),
    amphorae: () => labctl(['amps']),
    revive: (balancer) => labctl(['revive', balancer], 60),
  };
}

/** Empties the cloud of every project's load balancers, stuck ones too. */
export async function cleanLab(): Promise<void> {
  await labctl(['clean'], 300);
}

export async function closeLab(): Promise<void> {
  await runCommand({ program: 'bash', args: [join(folder, 'down.sh'), '--wipe'], seconds: 120 });
}

/** Whether all of its processes run; others may be using it just now. */
function isUp(): Promise<boolean> {
  return labctl(['status']).then(
    () => true,
    () => false,
  );
}

function labctl(args: readonly string[], seconds = 60): Promise<string> {
  return runCommand({ program: join(folder, 'labctl'), args, seconds });
}
