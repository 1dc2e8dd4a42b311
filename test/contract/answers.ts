import { expect } from '@jest/globals';
import type { RawAnswer } from './raw-call.ts';

/** Octavia's refusals, literally. */
export function fault(status: number, faultstring: unknown): RawAnswer {
  return { status, body: { faultcode: status < 500 ? 'Client' : 'Server', faultstring, debuginfo: null } };
}

export const denied = fault(403, 'Policy does not allow this request to be performed.');
export const unknownFilter = fault(400, 'One or more arguments are either duplicate or invalid');

export function immutable(loadBalancerId: string): RawAnswer {
  return fault(409, `Load Balancer ${loadBalancerId} is immutable and cannot be updated.`);
}

/** Below something that is not there, Octavia answers out of another layer. */
export function parentMissing(kind: string): RawAnswer {
  return { status: 404, body: { code: 404, title: 'Bad Request', description: `${kind} ${nowhere} not found.` } };
}

/** A text of Neutron's that Octavia hands on, with Neutron's own request id behind it. */
export function neutronSays(text: string): unknown {
  const literal = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return expect.stringMatching(new RegExp(`^${literal}\\nNeutron server returns request_ids: \\['req-[0-9a-f-]+'\\]$`));
}

/** Neutron's refusals, literally. */
export function neutronFault(status: number, type: string, message: unknown): RawAnswer {
  return { status, body: { NeutronError: { type, message, detail: '' } } };
}

/** Of Keystone, and of its guard in front of every service. */
export const unauthorized: RawAnswer = {
  status: 401,
  body: {
    error: {
      code: 401,
      title: 'Unauthorized',
      message: 'The request you have made requires authentication.',
    },
  },
};

/** `204`, and the `202` of what goes on after the answer. */
export function empty(status: number): RawAnswer {
  return { status, body: null };
}

export const anyId = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const anyTime = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
/** An id that nothing has. */
export const nowhere = '2be4862a-dfa8-4056-b91c-a3c18d5d6ef2';
