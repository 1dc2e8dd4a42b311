import { z } from 'zod';
import { matching, ruled } from './rule.ts';

/** Names: of Kubernetes objects, of hosts, of objects in the cloud. */

/** Name of a Kubernetes object that is a DNS label, or of a part of ours that routes refer to. */
export function dnsLabel(most: 40 | 63 = 63) {
  return ruled(
    z.string().max(most),
    matching(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
      `must be a DNS label of at most ${most} characters: lower-case letters, digits and '-', first and last not '-'`,
    ),
  );
}

/** Names that may have dots, as Secrets have. */
export function dnsSubdomain() {
  return ruled(
    z.string().max(253),
    matching(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
      "must be a name of lower-case letters, digits, '-' and '.', first and last a letter or digit",
    ),
  );
}

export function exactHostname() {
  return ruled(
    z.string().max(200),
    matching(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/,
      'must be an exact DNS name in lower case with at least one dot, such as shop.example.com; no wildcard, port or scheme',
    ),
  );
}

/** `a.b`, `*.a.b` (any name below a.b, at any depth) or `*` (any name). */
export function hostnamePattern() {
  return ruled(
    z.string().max(200),
    matching(
      /^(\*|(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+)$/,
      'must be a DNS name in lower case with at least one dot, such as shop.example.com, the same after *., or * alone; no port or scheme',
    ),
  );
}

export function uuid() {
  return ruled(
    z.string().max(36),
    matching(
      /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
      'must be a UUID, such as 0c9d0000-0000-4000-8000-0000000000aa; use name for a name',
    ),
  );
}
