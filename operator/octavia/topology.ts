import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import { isPolicyDenied } from 'openstack-sdk-lite/transport/errors';
import type { Seen } from '../core/model/seen.ts';

const askedEveryMs = 3_600_000;

interface Entry {
  readonly at: number;
  readonly topology: Seen['topology'];
}

/**
 * What the amphorae of a balancer tell about it; most credentials may not read them. Asked once an hour, and not in the first pass of
 * a process: a restart reads what it must. Losing the memory costs one read.
 */
export class TopologyBook {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async of(cloud: SdkCloud, loadBalancer: string, call: Call): Promise<Seen['topology']> {
    const known = this.#entries.get(loadBalancer);
    if (known === undefined) {
      this.#entries.set(loadBalancer, { at: this.#now() - askedEveryMs, topology: undefined });
      return undefined;
    }
    if (this.#now() - known.at < askedEveryMs) return known.topology;
    const topology = await ask(cloud, loadBalancer, call);
    this.#forgetGone();
    this.#entries.set(loadBalancer, { at: this.#now(), topology });
    return topology;
  }

  /** Whoever is there is asked about every hour. */
  #forgetGone(): void {
    const oldest = this.#now() - 3 * askedEveryMs;
    for (const [id, { at }] of this.#entries) if (at < oldest) this.#entries.delete(id);
  }
}

async function ask(cloud: SdkCloud, loadBalancer: string, call: Call): Promise<Seen['topology']> {
  try {
    const amphorae = await cloud.octavia.amphorae.list({ loadbalancer_id: loadBalancer }, call);
    const roles = new Set(amphorae.flatMap(({ role, status }) => (status === 'DELETED' ? [] : [role])));
    if (roles.has('MASTER') && roles.has('BACKUP')) return 'ActiveStandby';
    return roles.has('STANDALONE') ? 'Single' : 'Unknown';
  } catch (error) {
    if (isPolicyDenied(error)) return 'Unknown';
    throw error;
  }
}
