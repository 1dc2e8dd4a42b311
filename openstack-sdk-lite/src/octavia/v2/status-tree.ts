import { z } from 'zod';
import { operatingStatus, orEmpty, orNull, provisioningStatus, textOrEmpty } from '../../fields.ts';

const states = {
  id: z.string(),
  name: textOrEmpty,
  provisioning_status: provisioningStatus,
  operating_status: operatingStatus,
};

const memberStatus = z.object({ ...states, address: z.string(), protocol_port: z.number() });

const poolStatus = z.object({
  ...states,
  health_monitor: orNull(z.object({ ...states, type: orNull(z.string()) })),
  members: orEmpty(memberStatus),
});

/** A pool shows below each listener that uses it, by default or through a policy: once for each. */
const listenerStatus = z.object({ ...states, pools: orEmpty(poolStatus) });

export const statusTreeSchema = z.object({ loadbalancer: z.object({ ...states, listeners: orEmpty(listenerStatus) }) });

export type StatusTree = Readonly<z.infer<typeof statusTreeSchema>['loadbalancer']>;
export type ListenerStatus = Readonly<z.infer<typeof listenerStatus>>;
export type PoolStatus = Readonly<z.infer<typeof poolStatus>>;
export type MemberStatus = Readonly<z.infer<typeof memberStatus>>;
