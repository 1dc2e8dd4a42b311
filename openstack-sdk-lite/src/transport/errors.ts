/**
 * Why a call failed.
 * - `http`        the service answered with an error status
 * - `deadline`    no answer in time: a write may or may not have happened
 * - `network`     no connection, or it broke: a write may or may not have happened
 * - `protocol`    an answer that cannot be read as what the API promises
 * - `catalog`     the cloud has no such service for this region and interface
 * - `credentials` the credentials cannot be read or are incomplete; the message says the cause and the fix
 */
export type FailureKind = 'http' | 'deadline' | 'network' | 'protocol' | 'catalog' | 'credentials';

export interface FailureFacts {
  readonly kind: FailureKind;
  /** HTTP status; only with kind `http`. */
  readonly status?: number | undefined;
  /** What the service said, in its own words; for the other kinds what went wrong. */
  readonly faultText: string;
  /** `x-openstack-request-id`, by which an administrator finds the call in the logs. */
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly service: string;
  /** Empty when there was no request. */
  readonly method?: string | undefined;
  /** Path only: queries and hosts stay out of logs. */
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

/** Everything this SDK throws, except the reason of the caller's own AbortSignal, which is thrown as it is. */
export class OpenStackError extends Error {
  override readonly name = 'OpenStackError';
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly faultText: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly service: string;
  readonly method: string;
  readonly path: string;

  constructor(facts: FailureFacts) {
    super(sentence(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = facts.kind;
    this.status = facts.status;
    this.faultText = facts.faultText;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.service = facts.service;
    this.method = facts.method ?? '';
    this.path = facts.path ?? '';
  }
}

export function isNotFound(error: unknown): error is OpenStackError {
  return hasStatus(error, 404);
}

/** Any 409: immutable, duplicate, in use, Neutron's quota. Ask the narrower questions first. */
export function isConflict(error: unknown): error is OpenStackError {
  return hasStatus(error, 409);
}

/** The load balancer (or a stuck pool) is busy: wait until it is ACTIVE, then try again. */
export function isImmutable(error: unknown): error is OpenStackError {
  return isConflict(error) && (immutableChild.test(error.faultText) || pendingBalancer.test(error.faultText));
}

/** The load balancer is in ERROR: it refuses changes, waiting does not help; a delete or an administrator's failover does. */
export function isBalancerInError(error: unknown): error is OpenStackError {
  return isConflict(error) && balancerInError.test(error.faultText);
}

/** Octavia says it with 403 and a text, Neutron with 409 OverQuota. */
export function isQuota(error: unknown): error is OpenStackError {
  if (!(error instanceof OpenStackError)) return false;
  return (
    (error.status === 403 && octaviaQuota.test(error.faultText)) ||
    (error.status === 409 && neutronQuota.test(error.faultText))
  );
}

/** 403 that is no quota. Octavia answers so for objects of other projects too, where one would expect 404. */
export function isPolicyDenied(error: unknown): error is OpenStackError {
  return hasStatus(error, 403) && !isQuota(error);
}

/** 412: the object has another revision than the one the update was made for. */
export function isStale(error: unknown): error is OpenStackError {
  return hasStatus(error, 412);
}

/** It is not known whether the call took effect. Before a create is sent again, look for what it may have made. */
export function isOutcomeUnknown(error: unknown): error is OpenStackError {
  if (!(error instanceof OpenStackError)) return false;
  if (error.kind === 'deadline' || error.kind === 'network' || error.kind === 'protocol') return true;
  return error.status === 502 || error.status === 503 || error.status === 504;
}

const immutableChild = /\bis immutable and cannot be updated\./;
const pendingBalancer = /^Invalid state PENDING_[A-Z]+ of loadbalancer resource /;
const balancerInError = /^Invalid state ERROR of loadbalancer resource /;
const octaviaQuota = /^Quota has been met for resources?\b/;
const neutronQuota = /^OverQuota: |^Quota exceeded for resources/;

function hasStatus(error: unknown, status: number): error is OpenStackError {
  return error instanceof OpenStackError && error.status === status;
}

function sentence(facts: FailureFacts): string {
  const call = facts.method === undefined ? facts.service : `${facts.service} ${facts.method} ${facts.path ?? ''}`;
  const status = facts.status === undefined ? '' : ` ${facts.status}`;
  const id = facts.requestId === undefined ? '' : ` (${facts.requestId})`;
  return `${call}:${status} ${facts.faultText}${id}`;
}
