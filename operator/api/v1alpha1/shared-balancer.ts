import { z } from 'zod';
import { backendPolicySchema } from './backend-policy.ts';
import { cloudRef } from './cloud-ref.ts';
import { durationBetween } from './duration.ts';
import { labelSelectorSchema } from './label-selector.ts';
import { atomicMap, listMap } from './lists.ts';
import { ruled, transition } from './rule.ts';
import { dnsLabel, dnsSubdomain, ipAddress, ipv4Address } from './text.ts';

/** SharedBalancer.spec: one load balancer, its address and who may attach. Source of the CRD, of its types and of the runtime check. */

const cloudSchema = z.object({
  credentialsRef: z
    .object({
      name: dnsSubdomain().describe('Name of a Secret in the namespace of this object.'),
      key: z.string().min(1).max(253).default('clouds.yaml').describe('Key of the Secret that holds a clouds.yaml.'),
    })
    .describe("Secret with a clouds.yaml; it is read again when it changes. Default: the operator's own credentials.")
    .optional(),
  cloudName: z.string().min(1).max(64).describe('Entry of that clouds.yaml; default `openstack`.').optional(),
  region: z.string().min(1).max(64).describe('OpenStack region; default: the one of the credentials.').optional(),
});

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

const placementSchema = atomicMap(
  z.object({
    provider: z.string().min(1).max(64).describe("Octavia provider; default: the cloud's.").optional(),
    flavor: cloudRef().describe('Octavia flavor; it decides size and topology. Octavia: flavor_id.').optional(),
    availabilityZone: z.string().min(1).max(255).describe('Octavia availability zone.').optional(),
    vip: vipSchema.describe("Where the balancer's own address is; default: the subnet of the nodes.").optional(),
  }),
);

const floatingIPSchema = ruled(
  z.object({
    mode: z
      .enum(['Allocate', 'Existing', 'None'])
      .describe(
        'Allocate a new one, use an Existing one, or None: an internal balancer. Default: Allocate, or None when the VIP has no IPv4 address.',
      )
      .optional(),
    address: ipv4Address()
      .describe('Mode Existing: the floating IP; it must be free or already on this balancer.')
      .optional(),
    network: cloudRef()
      .describe('External network to allocate from; default: the first by name with an IPv4 subnet.')
      .optional(),
    subnet: cloudRef().describe('Subnet of that network.').optional(),
    reclaimPolicy: z
      .enum(['Delete', 'Retain'])
      .default('Delete')
      .describe('Whether an allocated address is released with the balancer. An Existing one is always kept.'),
  }),
  {
    cel: "(has(self.mode) && self.mode == 'Existing') == has(self.address)",
    message: 'address is required for mode Existing and allowed only there',
    holds: ({ mode, address }) => (mode === 'Existing') === (address !== undefined),
  },
);

const networkSchema = z.object({
  memberSubnet: cloudRef()
    .describe('Subnet of the nodes, if the balancer cannot route to them from its own. Octavia: subnet_id of members.')
    .optional(),
  floatingIP: floatingIPSchema.prefault({}).describe('The public address.'),
});

const attachmentSchema = ruled(
  z.object({
    from: z
      .enum(['None', 'Same', 'Selector', 'All'])
      .default('Same')
      .describe('Namespaces whose routes are admitted. None evicts every route.'),
    selector: labelSelectorSchema.describe('from Selector: labels of the admitted namespaces.').optional(),
    undelegated: z
      .enum(['Deny', 'FirstClaim'])
      .describe(
        'Who gets a hostname or port: nobody, or who asks first. Default: FirstClaim with from Same, else Deny.',
      )
      .optional(),
  }),
  {
    cel: "(self.from == 'Selector') == has(self.selector)",
    message: 'selector is required for from Selector and allowed only there',
    holds: ({ from, selector }) => (from === 'Selector') === (selector !== undefined),
  },
);

const timeoutsSchema = z.object({
  clientData: durationBetween('1ms', '576h').default('50s').describe('Idle client. Octavia: timeout_client_data.'),
  memberConnect: durationBetween('1ms', '576h')
    .default('5s')
    .describe('Connect to a member. Octavia: timeout_member_connect.'),
  memberData: durationBetween('1ms', '576h').default('50s').describe('Idle member. Octavia: timeout_member_data.'),
  tcpInspect: durationBetween('0s', '576h').default('0s').describe('Wait for content. Octavia: timeout_tcp_inspect.'),
});

const listenerSchema = z.object({
  name: dnsLabel(40).describe('What routes refer to.'),
  port: z.int32().min(1).max(65535).describe('TCP port. Octavia: protocol_port.'),
  protocol: z.enum(['HTTP']).describe('HTTP: routes attach by hostname; X-Forwarded-For, -Port and -Proto are set.'),
  connectionLimit: ruled(z.int32().min(-1).max(1_000_000).default(-1), {
    cel: 'self != 0',
    message: 'connectionLimit is -1 (no limit) or at least 1',
    holds: (limit) => limit !== 0,
  }).describe('Most connections at a time; -1: no limit. Octavia: connection_limit.'),
  timeouts: timeoutsSchema.prefault({}).describe('Octavia: timeout_*.'),
});

const listenersSchema = ruled(listMap(z.array(listenerSchema).max(32), 'name'), {
  cel: 'self.all(a, self.exists_one(b, b.port == a.port))',
  message: 'two listeners use the same port',
  holds: (listeners) => new Set(listeners.map(({ port }) => port)).size === listeners.length,
});

export const sharedBalancerSpecSchema = transition(
  z.object({
    cloud: cloudSchema.prefault({}).describe("The OpenStack project; default: the operator's own."),
    placement: placementSchema
      .describe('Where and how the balancer runs; immutable, as Octavia cannot change it.')
      .optional(),
    network: networkSchema.prefault({}).describe('Addresses, and the way to the nodes.'),
    attachment: attachmentSchema.prefault({}).describe('Who may attach routes.'),
    listeners: listenersSchema
      .default([])
      .describe('Entry points shared by hostname. TCP ports are claimed by routes.'),
    defaults: z
      .object({ backendPolicy: backendPolicySchema.prefault({}).describe('For routes that say nothing themselves.') })
      .prefault({})
      .describe('What routes inherit.'),
    lifecycle: z
      .object({
        deletionPolicy: z
          .enum(['Delete', 'Retain'])
          .describe('Whether the load balancer goes with this object; default Delete.')
          .optional(),
        deletionProtection: z.boolean().default(false).describe('While true, deletion waits.'),
      })
      .prefault({})
      .describe('What deletion does.'),
    sync: z
      .object({
        interval: durationBetween('1m', '24h').default('5m').describe('How often the cloud is compared, ±20 %.'),
      })
      .prefault({})
      .describe('How the cloud is kept in line.'),
  }),
  {
    cel: 'has(self.placement) == has(oldSelf.placement) && (!has(self.placement) || self.placement == oldSelf.placement)',
    message: 'placement is immutable; create a second SharedBalancer',
  },
);

export type SharedBalancerSpec = z.output<typeof sharedBalancerSpecSchema>;
