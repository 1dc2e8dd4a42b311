import { address, flag, integer, type Read, tags, text, uuid } from '../fields.ts';
import { octaviaRefusal } from '../refusal.ts';

const changeable = {
  name: text(),
  tags,
  admin_state_up: flag,
  weight: integer(0, 256),
  backup: flag,
  monitor_address: address,
  monitor_port: integer(1, 65_535),
};

export const memberFields = { ...changeable, address, protocol_port: integer(1, 65_535), subnet_id: uuid };

const required = ['address', 'protocol_port'] as const;
const ofProject = { project_id: text(), tenant_id: text() };

export const memberUpdate = { argument: 'member_.member', fields: changeable } as const;
export const memberCreate = { argument: 'member_.member', fields: { ...memberFields, ...ofProject }, required };
export const memberInTree = { argument: 'load_balancer.loadbalancer', fields: memberFields, required };
export const memberOfBatch = { argument: 'members_.members', fields: { ...memberFields, ...ofProject }, required };

export type MemberBody = Read<typeof memberFields>;

export const memberDefaults = {
  name: '',
  tags: [],
  admin_state_up: true,
  weight: 1,
  backup: false,
  monitor_address: null,
  monitor_port: null,
  subnet_id: null,
} as const;

/** The address of Nova's metadata service. */
export function checkReserved(body: { readonly address?: string | null }): void {
  if (body.address === '169.254.169.254')
    throw octaviaRefusal(400, '169.254.169.254 is not a valid option for member address');
}
