import { z } from 'zod';
import type { FakeProcess } from './fake-process.ts';

/** What is in a cloud that runs as a process of its own, in a form in which two ways to the same end are equal. */

const dumpSchema = z.object({
  neutron: z.object({
    ports: z.array(z.looseObject({ description: z.string(), security_groups: z.array(z.string()) })),
    floatingips: z.array(z.looseObject({ description: z.string() })),
    security_groups: z.array(z.looseObject({ name: z.string(), id: z.string() })),
    security_group_rules: z.array(z.looseObject({ description: z.string().nullable() })),
  }),
});

type Fake = Pick<FakeProcess, 'do'>;

async function neutron(fake: Fake) {
  return dumpSchema.parse(await fake.do({ do: 'dump' })).neutron;
}

const ours = (entries: readonly { readonly description: string | null }[]): number =>
  entries.filter(({ description }) => description?.startsWith('octopool') === true).length;

/** Objects of ours in Neutron, by kind. */
export async function leftIn(fake: Fake): Promise<Readonly<Record<string, number | string>>> {
  const all = await neutron(fake);
  return {
    ports: ours(all.ports),
    floatingIPs: ours(all.floatingips),
    rules: ours(all.security_group_rules),
    groups: all.security_groups
      .filter(({ name }) => name.startsWith('octopool-nodes'))
      .map(({ name }) => name)
      .join(),
  };
}

/** How many ports are in the security group of the nodes. */
export async function attachedNodes(fake: Fake): Promise<number> {
  const all = await neutron(fake);
  const group = all.security_groups.find(({ name }) => name.startsWith('octopool-nodes'));
  return all.ports.filter(({ security_groups: groups }) => group !== undefined && groups.includes(group.id)).length;
}

/** The trees and their tags; what differs from one object that is made to the next is left out. */
export async function treesIn(fake: Fake): Promise<unknown> {
  const text = JSON.stringify(await fake.do({ do: 'tree' }))
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'id')
    .replaceAll(/#[0-9a-f]{6}/g, '#')
    .replaceAll(/octopool\.dev\/hash=[0-9a-f]+/g, 'hash')
    .replaceAll(/octopool\.dev\/claimed=\w+/g, 'claimed');
  const balancers = JSON.parse(text) as readonly { readonly pools: readonly unknown[] }[];
  return balancers.map((one) => ({
    ...one,
    pools: one.pools.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  }));
}
