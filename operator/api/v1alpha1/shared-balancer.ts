import { z } from 'zod';
import { ipv4Address } from './address-text.ts';
import { attachmentSchema } from './attachment.ts';
import { backendPolicySchema } from './backend-policy.ts';
import { cloudRef } from './cloud-ref.ts';
import { durationBetween } from './duration.ts';
import { listenersSchema } from './listeners.ts';
import { placementSchema } from './placement.ts';
import { ruled, transition } from './rule.ts';
import { dnsSubdomain } from './text.ts';

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
    network: cloudRef().describe('External network to allocate from; default: the first by name.').optional(),
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
  qosPolicy: cloudRef()
    .describe('Neutron QoS policy of the VIP; default: none. Octavia: vip_qos_policy_id.')
    .optional(),
});

export const sharedBalancerSpecSchema = transition(
  z.object({
    cloud: cloudSchema.prefault({}).describe("The OpenStack project; default: the operator's own."),
    placement: placementSchema
      .describe('Where and how the balancer runs; immutable, as Octavia cannot change it.')
      .optional(),
    network: networkSchema.prefault({}).describe('Addresses, and the way to the nodes.'),
    attachment: attachmentSchema
      .prefault({})
      .describe('Who may attach: ServiceRoutes, Services and Ingresses, all called routes here.'),
    listeners: listenersSchema
      .default([])
      .describe('Entry points shared by hostname, and the metrics of the balancer. Ports are claimed by routes.'),
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
        driftPolicy: z
          .enum(['Repair', 'Report'])
          .default('Repair')
          .describe('What happens with a change that somebody else made in the cloud: it is undone, or only told.'),
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
