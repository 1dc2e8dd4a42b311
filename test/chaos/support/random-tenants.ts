import type { Manifest } from '../../support/manifests.ts';
import { nodePortService } from '../../support/manifests.ts';
import type { MemoryCluster } from '../../support/memory-cluster.ts';
import type { Dice } from '../../support/dice.ts';

export const teams = ['team-1', 'team-2', 'team-3', 'team-4', 'team-5', 'team-6'];

/** Tenants who do what tenants do: good routes, broken ones, names that others have, Services that go. */
export class RandomTenants {
  readonly #dice: Dice;
  readonly #cluster: MemoryCluster;

  constructor(dice: Dice, cluster: MemoryCluster) {
    this.#dice = dice;
    this.#cluster = cluster;
  }

  edit(team: string): void {
    const dice = this.#dice;
    const name = `${dice.one(['own', 'own', 'own', 'shared', 'port'])}-${dice.roll(4)}`;
    switch (dice.roll(10)) {
      case 0:
      case 1:
        return this.#cluster.remove('ServiceRoute', team, name);
      case 2:
        return this.#cluster.remove('Service', team, dice.one(['a', 'b', 'c']));
      case 3:
      case 4: {
        const at = dice.roll(3);
        const nodePort = 30_100 + teams.indexOf(team) * 10 + at;
        return this.#cluster.apply(nodePortService({ namespace: team, name: 'abc'.charAt(at), nodePort }));
      }
      default:
        return this.#cluster.apply(this.#route(team, name));
    }
  }

  #route(team: string, name: string): Manifest {
    const spec = name.startsWith('port') ? this.#l4(team, name) : this.#http(team, name);
    return {
      apiVersion: 'octopool.dev/v1alpha1',
      kind: 'ServiceRoute',
      metadata: { name, namespace: team },
      spec: { balancerRef: { name: 'public', namespace: 'edge' }, ...spec },
    };
  }

  /** Ports of the team's own, three of them for four routes: some collide, within the team. */
  #l4(team: string, name: string): Manifest {
    const port = 31_000 + teams.indexOf(team) * 10 + (Number(name.slice(-1)) % 3);
    const protocol = this.#dice.one(['TCP', 'TCP', 'UDP']);
    return { l4: { port, protocol, backends: [this.#backend()] } };
  }

  #http(team: string, name: string): Manifest {
    const dice = this.#dice;
    const host = name.startsWith('shared') ? `shared-${dice.roll(2)}.example.com` : `${name}.${team}.example.com`;
    const rules = Array.from({ length: 1 + dice.roll(3) }, (_, at) => ({ name: `rule-${at}`, ...this.#rule(at) }));
    const listeners = dice.one([undefined, ['http'], ['alt'], ['nowhere']]);
    return { http: { hostnames: [host], ...(listeners === undefined ? {} : { listeners }), rules } };
  }

  #rule(at: number): Manifest {
    const dice = this.#dice;
    const path = { type: dice.one(['Exact', 'PathPrefix']), value: dice.one(['/', '/a', '/b', '/a/b', `/${at}`]) };
    const headers =
      dice.roll(4) === 0 ? [{ name: 'X-Env', type: 'Exact', value: dice.one(['canary', 'next']) }] : undefined;
    const match = { path, ...(headers === undefined ? {} : { headers }) };
    return { matches: [match], action: this.#action() };
  }

  #action(): Manifest {
    const dice = this.#dice;
    if (dice.roll(6) === 0) return { type: 'Reject' };
    if (dice.roll(6) === 0) return { type: 'Redirect', redirect: { url: 'https://example.com/', code: 302 } };
    const first = this.#backend();
    const second = this.#backend();
    const both = first['service'] !== second['service'] && dice.roll(3) === 0;
    return { type: 'Forward', backends: both ? [{ ...first, weight: 3 }, second] : [first] };
  }

  /** Now and then one that does not exist. */
  #backend(): Manifest {
    return {
      service: this.#dice.one(['a', 'a', 'b', 'b', 'c', 'missing']),
      port: this.#dice.one(['http', 'http', 'http', 80]),
    };
  }
}
