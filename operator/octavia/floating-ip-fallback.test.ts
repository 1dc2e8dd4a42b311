import { expect, test } from '@jest/globals';
import type { Cloud } from 'openstack-sdk-lite/cloud';
import { OpenStackError } from 'openstack-sdk-lite/transport/errors';
import type { CloudId } from '../core/model/brand.ts';
import type { Description } from '../core/model/tags.ts';
import type { Bench } from './bench.ts';
import { performBalancer } from './perform-balancer.ts';

/** Neutron that answers each subnet as told; undefined: with an address. */
function bench(answers: Readonly<Record<string, string | undefined>>, asked: string[]): Bench {
  const create = ({ subnet_id: subnet }: { readonly subnet_id: string }): Promise<unknown> => {
    asked.push(subnet);
    const faultText = answers[subnet];
    if (faultText === undefined) return Promise.resolve({ id: 'fip' });
    return Promise.reject(
      new OpenStackError({ kind: 'http', status: 409, faultText, requestId: undefined, service: 'neutron' }),
    );
  };
  const cloud = { octavia: {}, neutron: { floatingIps: { create } } } as unknown as Cloud;
  return { cloud, call: {}, vipPortID: 'port' as CloudId } as unknown as Bench;
}

const operation = {
  kind: 'createFloatingIP',
  address: {
    kind: 'allocate',
    description: 'd' as Description,
    networkId: 'ext' as CloudId,
    subnetId: 'a' as CloudId,
    furtherSubnetIds: ['b', 'c'] as CloudId[],
  },
  portId: undefined,
  fixedAddress: undefined,
  why: '',
  unit: undefined,
} as const;

const full = 'IpAddressGenerationFailure: No more IP addresses available on network ext.';

test('a subnet that has no address left is passed over', async () => {
  const asked: string[] = [];
  await performBalancer(operation, bench({ a: full }, asked));
  expect(asked).toEqual(['a', 'b']);
});

test('when none has one left, the last refusal is told', async () => {
  const asked: string[] = [];
  await expect(performBalancer(operation, bench({ a: full, b: full, c: full }, asked))).rejects.toThrow('No more IP');
  expect(asked).toEqual(['a', 'b', 'c']);
});

test('at quota no other subnet helps', async () => {
  const asked: string[] = [];
  const quota = "OverQuota: Quota exceeded for resources: ['floatingip'].";
  await expect(performBalancer(operation, bench({ a: quota }, asked))).rejects.toThrow('Quota exceeded');
  expect(asked).toEqual(['a']);
});
