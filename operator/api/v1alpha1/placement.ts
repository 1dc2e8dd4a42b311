import { z } from 'zod';
import { ipAddress } from './address-text.ts';
import { cloudRef } from './cloud-ref.ts';
import { atomicMap } from './lists.ts';
import { ruled } from './rule.ts';

/** Everything that Octavia decides when a load balancer is made, and never again. */

const vipSchema = ruled(
  z.object({
    subnet: cloudRef().describe('Subnet of the address. Octavia: vip_subnet_id.').optional(),
    network: cloudRef()
      .describe('Network of the address; Neutron picks the subnet. Octavia: vip_network_id.')
      .optional(),
    port: cloudRef().describe('Neutron port that you made; it is never deleted. Octavia: vip_port_id.').optional(),
    address: ipAddress().describe('Address to take; default: Neutron picks one. Octavia: vip_address.').optional(),
  }),
  {
    cel: '[has(self.subnet), has(self.network), has(self.port)].exists_one(x, x)',
    message: 'set exactly one of subnet, network, port',
    holds: ({ subnet, network, port }) => [subnet, network, port].filter((one) => one !== undefined).length === 1,
  },
  {
    cel: '!has(self.port) || !has(self.address)',
    message: 'address cannot be combined with port; the port has its address already',
    holds: ({ port, address }) => port === undefined || address === undefined,
  },
);

const additionalVipSchema = z.object({
  subnet: cloudRef().describe('Subnet of the address, on the network of vip. Octavia: additional_vips.subnet_id.'),
  address: ipAddress()
    .describe('Address to take; default: Neutron picks one. Octavia: additional_vips.ip_address.')
    .optional(),
});

const placementFields = z.object({
  provider: z.string().min(1).max(64).describe("Octavia provider; default: the cloud's. Octavia: provider.").optional(),
  flavor: cloudRef().describe('Octavia flavor; it decides size and topology. Octavia: flavor_id.').optional(),
  availabilityZone: z
    .string()
    .min(1)
    .max(255)
    .describe('Octavia availability zone. Octavia: availability_zone.')
    .optional(),
  topology: z
    .enum(['ActiveStandby', 'Single'])
    .describe(
      'What you count on, not what is set: the flavor or the cloud decides. If the credentials may list amphorae, another topology is told as Degraded with TopologyMismatch. Default: nothing is asserted.',
    )
    .optional(),
  vip: vipSchema.describe("Where the balancer's own address is; default: the subnet of the nodes.").optional(),
  additionalVIPs: z
    .array(additionalVipSchema)
    .max(7)
    .default([])
    .describe('Further addresses, each in a subnet of its own, such as one of IPv6. Octavia: additional_vips.'),
});

/** Field by field, because the API server cannot tell how much the comparison of whole objects would cost. */
const sameSubnet = (a: string, b: string) =>
  `((has(${a}.id) && has(${b}.id) && ${a}.id == ${b}.id) || (has(${a}.name) && has(${b}.name) && ${a}.name == ${b}.name))`;

/** Octavia takes one address a subnet, the one of vip included. */
export const placementSchema = atomicMap(
  ruled(placementFields, {
    cel: `self.additionalVIPs.all(a, self.additionalVIPs.exists_one(b, ${sameSubnet('b.subnet', 'a.subnet')}) && (!has(self.vip) || !has(self.vip.subnet) || !${sameSubnet('self.vip.subnet', 'a.subnet')}))`,
    message: 'two addresses of vip and additionalVIPs are in the same subnet; give each a subnet of its own',
    holds: ({ vip, additionalVIPs }) => {
      const subnets = additionalVIPs.map(({ subnet }) => subnet);
      const all = vip?.subnet === undefined ? subnets : [...subnets, vip.subnet];
      return new Set(all.map(({ id, name }) => JSON.stringify([id, name]))).size === all.length;
    },
  }),
);

export type Placement = z.output<typeof placementSchema>;
