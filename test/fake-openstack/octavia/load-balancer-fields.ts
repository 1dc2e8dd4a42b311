import {
  address,
  type Field,
  flag,
  invalid,
  isRecord,
  listOf,
  type Read,
  readBody,
  tags,
  text,
  uuid,
} from '../fields.ts';
import { treeFields } from './tree-fields.ts';

const changeable = {
  name: text(),
  description: text(),
  tags,
  admin_state_up: flag,
  vip_qos_policy_id: uuid,
};

const additionalVip: Field<{ readonly subnet_id?: string | null; readonly ip_address?: string | null }> = (
  value,
  name,
) => {
  if (!isRecord(value)) throw invalid(name, value, 'Value should be a dict');
  return readBody(value, {
    argument: 'load_balancer.loadbalancer',
    fields: { subnet_id: uuid, ip_address: address },
    required: ['subnet_id'],
  });
};

const argument = 'load_balancer.loadbalancer';

export const loadBalancerUpdate = { argument, fields: changeable } as const;

export const loadBalancerCreate = {
  argument,
  fields: {
    ...changeable,
    vip_address: address,
    vip_port_id: uuid,
    vip_subnet_id: uuid,
    vip_network_id: uuid,
    additional_vips: listOf(additionalVip),
    provider: text(64),
    flavor_id: uuid,
    availability_zone: text(),
    project_id: text(),
    tenant_id: text(),
    ...treeFields,
  },
} as const;

export type LoadBalancerBody = Read<(typeof loadBalancerCreate)['fields']>;

export const loadBalancerDefaults = {
  name: '',
  description: '',
  tags: [],
  admin_state_up: true,
  vip_qos_policy_id: null,
} as const;
