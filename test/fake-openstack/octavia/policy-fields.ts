import { type Field, flag, integer, invalid, oneOf, type Read, tags, text, uuid } from '../fields.ts';
import { octaviaRefusal } from '../refusal.ts';
import type { L7Policy } from './records.ts';

const url: Field<string> = (value, name) => {
  if (typeof value !== 'string' || !/^https?:\/\/[^\s/]+(\/\S*)?$/.test(value))
    throw invalid(name, value, 'Value must be a valid URL string');
  return value;
};

const changeable = {
  name: text(),
  description: text(),
  tags,
  admin_state_up: flag,
  action: oneOf('REJECT', 'REDIRECT_PREFIX', 'REDIRECT_TO_POOL', 'REDIRECT_TO_URL'),
  position: integer(1, 2_147_483_647),
  redirect_pool_id: uuid,
  redirect_url: url,
  redirect_prefix: url,
  redirect_http_code: oneOf(301, 302, 303, 307, 308),
};

const { redirect_pool_id: _byName, ...inTree } = changeable;
export const policyInTreeFields = inTree;
export const policyUpdate = { argument: 'l7policy_.l7policy', fields: changeable } as const;
export const policyCreate = {
  argument: 'l7policy_.l7policy',
  fields: { ...changeable, listener_id: uuid, project_id: text(), tenant_id: text() },
  required: ['action', 'listener_id'],
} as const;

export type PolicyBody = Read<typeof changeable>;

export const policyDefaults = {
  name: '',
  description: '',
  tags: [],
  admin_state_up: true,
  redirect_pool_id: null,
  redirect_url: null,
  redirect_prefix: null,
  redirect_http_code: null,
} as const;

type Target = Pick<L7Policy, 'action' | 'redirect_pool_id' | 'redirect_url' | 'redirect_prefix' | 'redirect_http_code'>;
const nowhere = { redirect_pool_id: null, redirect_url: null, redirect_prefix: null, redirect_http_code: null };

/** Where a policy leads to. Naming a target is as good as naming the action; what belongs to another action is cleared. */
export function targetOf(body: PolicyBody, before?: Target): Target {
  const { action = impliedAction(body) ?? before?.action } = body;
  const code = body.redirect_http_code ?? (before?.action === action ? before?.redirect_http_code : null) ?? 302;
  switch (action) {
    case 'REJECT':
      return { ...nowhere, action };
    case 'REDIRECT_TO_URL': {
      const redirect_url = body.redirect_url ?? before?.redirect_url ?? missing('redirect_url');
      return { ...nowhere, action, redirect_url, redirect_http_code: code };
    }
    case 'REDIRECT_PREFIX': {
      const redirect_prefix = body.redirect_prefix ?? before?.redirect_prefix ?? missing('redirect_prefix');
      return { ...nowhere, action, redirect_prefix, redirect_http_code: code };
    }
    default: {
      const pool = body.redirect_pool_id ?? before?.redirect_pool_id ?? missing('redirect_pool_id or redirect_pool');
      return { ...nowhere, action: 'REDIRECT_TO_POOL', redirect_pool_id: pool };
    }
  }
}

function impliedAction(body: PolicyBody): string | undefined {
  if (body.redirect_pool_id != null) return 'REDIRECT_TO_POOL';
  if (body.redirect_url != null) return 'REDIRECT_TO_URL';
  return body.redirect_prefix == null ? undefined : 'REDIRECT_PREFIX';
}

function missing(what: string): never {
  throw octaviaRefusal(400, `Invalid L7 Policy arguments: ${what} must not be None`);
}
