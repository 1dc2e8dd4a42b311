import {
  isBalancerInError,
  isImmutable,
  isNotFound,
  isQuota,
  OpenStackError,
} from 'openstack-sdk-lite/transport/errors';
import type { Problem } from '../core/model/reason.ts';

/** What to do about an error of the cloud. The one table. */
export type Failure =
  /** Wait until the balancer is ACTIVE again; not an error. */
  | { readonly kind: 'busy'; readonly whose: 'balancer' }
  /** One child is, under a balancer that is not. */
  | { readonly kind: 'busy'; readonly whose: 'child'; readonly problem: Problem }
  /** Already gone. */
  | { readonly kind: 'gone' }
  /** This one write will never succeed; others may. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** No room for creates; deletes still work. */
  | { readonly kind: 'quota'; readonly problem: Problem }
  /** Nothing works for now. The answer of a write may be lost: look before sending it again. */
  | {
      readonly kind: 'unavailable';
      readonly problem: Problem;
      readonly retryAfterMs: number | undefined;
      /** `lost`: what was asked for may still be under way behind a gateway that gave up. */
      readonly answer: 'given' | 'lost';
    };

export function judge(error: unknown): Failure {
  if (!(error instanceof OpenStackError)) throw error;
  return special(error) ?? byStatus(error);
}

const rows: readonly {
  readonly is: (error: unknown) => boolean;
  readonly means: (error: OpenStackError) => Failure;
}[] = [
  { is: isImmutable, means: busy },
  { is: isNotFound, means: () => ({ kind: 'gone' }) },
  { is: isQuota, means: (error) => ({ kind: 'quota', problem: quotaProblem(error) }) },
  {
    is: isBalancerInError,
    means: (error) => ({ kind: 'refused', problem: { reason: 'ProvisioningError', message: said(error) } }),
  },
];

/** A child that stays busy under an ACTIVE balancer was never finished: waiting does not help it. */
function busy(error: OpenStackError): Failure {
  if (/^(Load Balancer|Invalid state)/.test(error.faultText)) return { kind: 'busy', whose: 'balancer' };
  return { kind: 'busy', whose: 'child', problem: { reason: 'ProvisioningStuck', message: said(error) } };
}

function special(error: OpenStackError): Failure | undefined {
  return rows.find((row) => row.is(error))?.means(error);
}

function byStatus(error: OpenStackError): Failure {
  if (error.kind === 'credentials' || error.kind === 'catalog' || error.status === 401)
    return unavailable(error, 'CredentialsInvalid');
  // an address that is taken, or outside of its subnet, comes as a 500 and stays one
  if (error.status === 500 && takenAddress.test(error.faultText)) return refused(error);
  const passing = error.kind !== 'http' || (error.status ?? 0) >= 500 || error.status === 429;
  return passing ? unavailable(error, 'CloudUnavailable') : refused(error);
}

const takenAddress = /is not a valid IP for the specified subnet|already allocated in subnet/;

function refused(error: OpenStackError): Failure {
  return { kind: 'refused', problem: { reason: 'CloudRefused', message: said(error) } };
}

function unavailable(error: OpenStackError, reason: 'CloudUnavailable' | 'CredentialsInvalid'): Failure {
  const { kind, status, retryAfterMs } = error;
  const lost = kind === 'deadline' || kind === 'network' || (kind === 'http' && (status === 502 || status === 504));
  return {
    kind: 'unavailable',
    problem: { reason, message: said(error) },
    retryAfterMs: heard(retryAfterMs),
    answer: lost ? 'lost' : 'given',
  };
}

/** Shorter is no wish: growing pauses spare an ailing cloud more. Longer is a proxy's, or a mistake, and no timer can hold a month. */
const wishes = { least: 1_000, most: 300_000 } as const;

function heard(wish: number | undefined): number | undefined {
  return wish === undefined || wish < wishes.least ? undefined : Math.min(wish, wishes.most);
}

function quotaProblem(error: OpenStackError): Problem {
  return {
    reason: 'CloudQuotaExceeded',
    message: `${said(error)} Remove what is not needed, or ask the cloud's admin for a larger quota.`,
  };
}

/** The cloud's own words, and the id by which its admin finds the call. */
function said(error: OpenStackError): string {
  const id = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
  const status = error.status === undefined ? '' : ` answered ${error.status}`;
  return `${error.service}${status}: "${error.faultText.slice(0, 600)}"${id}.`;
}
