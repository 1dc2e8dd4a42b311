import { expect, test } from '@jest/globals';
import type { Cloud } from 'openstack-sdk-lite/cloud';
import type { Subnet } from 'openstack-sdk-lite/neutron/v2/subnets';
import type { CloudId } from '../core/model/brand.ts';
import type { SubnetPattern } from '../core/model/subnet-pattern.ts';
import { Unresolved } from './by-ref.ts';
import { floatingSubnets } from './floating-subnets.ts';

const networkId = 'ext' as CloudId;

function subnet(id: string, name: string, tags: readonly string[], version: 4 | 6 = 4): Subnet {
  const common = { description: '', project_id: null, revision_number: 1, network_id: 'ext', gateway_ip: null };
  return {
    ...common,
    id,
    name,
    tags: [...tags],
    ip_version: version,
    cidr: version === 4 ? '198.51.100.0/24' : '::/64',
  };
}

const all = [
  subnet('4', 'public-b', ['gold']),
  subnet('3', 'public-a', ['gold', 'eu']),
  subnet('2', 'private', ['gold', 'eu']),
  subnet('1', 'public-six', ['gold'], 6),
];

/** Neutron, as far as a list of subnets goes. */
function cloud(asked: unknown[]): Cloud {
  const list = (filter: unknown): Promise<readonly Subnet[]> => {
    asked.push(filter);
    return Promise.resolve(all);
  };
  return { neutron: { subnets: { list, get: () => Promise.resolve(all[0]) } } } as unknown as Cloud;
}

const publicOnes = { not: false, kind: 'glob', text: 'public-*' } as const;

test.each<[string, SubnetPattern, readonly string[]]>([
  ['by name, IPv4 only', { name: publicOnes, tags: undefined }, ['3', '4']],
  ['by name and tags', { name: publicOnes, tags: { not: false, match: 'all', tags: ['eu', 'gold'] } }, ['3']],
])('a pattern finds the subnets of the network that fit, %s, in the order of their names', async (_, pattern, ids) => {
  const asked: unknown[] = [];
  expect(await floatingSubnets(cloud(asked), { networkId, subnet: pattern }, {})).toEqual(ids);
  expect(asked).toEqual([{ network_id: 'ext', ip_version: 4 }]);
});

test('a pattern that fits none is told, with how many there are', async () => {
  const pattern = { name: { not: false, kind: 'regexp', text: '^gone$' }, tags: undefined } as const;
  const found = floatingSubnets(cloud([]), { networkId, subnet: pattern }, {});
  await expect(found).rejects.toThrow(Unresolved);
  await expect(floatingSubnets(cloud([]), { networkId, subnet: pattern }, {})).rejects.toThrow(
    'No IPv4 subnet of floating network ext fits floating-subnet and floating-subnet-tags; the project sees 4. Correct them.',
  );
});

test('without a word about subnets any will do, and one that is named is that one', async () => {
  expect(await floatingSubnets(cloud([]), { networkId, subnet: undefined }, {})).toEqual([]);
  expect(await floatingSubnets(cloud([]), { networkId, subnet: { id: '4' } }, {})).toEqual(['4']);
});
