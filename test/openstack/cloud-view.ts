import { connect } from 'openstack-sdk-lite/cloud';
import { environmentCredentials } from 'openstack-sdk-lite/config/environment';
import { runCommand } from '../kubernetes/command.ts';
import type { Lab } from './lab.ts';

/** The cloud as its customer sees it with a client of their own; its calls do not count as the operator's. */
export interface CloudView {
  loadBalancers(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Whether no load balancer is under way. */
  allActive(): Promise<boolean>;
  /** Addresses and ports of each pool's members, by the pool's id. */
  members(loadBalancer: string): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

export function cloudView(lab: Lab): CloudView {
  const environment = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml, OS_CLOUD: lab.tenant };
  // whoever looks on has time: on a busy machine fifty questions at once take minutes
  const cloud = connect({ credentials: environmentCredentials(environment), userAgent: 'demo', deadlineMs: 300_000 });
  return {
    loadBalancers: async () =>
      (await cloud.octavia.loadBalancers.list({})).map(({ id, name }) => ({ id, name: name ?? '' })),
    allActive: async () =>
      (await cloud.octavia.loadBalancers.list({})).every((one) => one.provisioning_status === 'ACTIVE'),
    members: async (loadBalancer) => {
      const pools = await cloud.octavia.pools.list({ loadbalancer_id: loadBalancer });
      const sets = await Promise.all(
        pools.map(async ({ id }) => {
          const members = await cloud.octavia.membersOf(id).list({});
          return [
            id,
            members
              .map((one) => `${one.address}:${one.protocol_port}`)
              .toSorted()
              .join(' '),
          ] as const;
        }),
      );
      return new Map(sets);
    },
    close: () => cloud.close(),
  };
}

/** Of the installed package that runs. */
export async function octaviaVersion(): Promise<string> {
  const text = await runCommand({ program: 'dpkg-query', args: ['-W', '-f', '${Version}', 'octavia-api'] });
  return text.trim();
}
