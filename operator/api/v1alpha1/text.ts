import { z } from 'zod';
import { matching, ruled } from './rule.ts';

/*
 * Octavia copies hostnames, paths and monitor settings into the HAProxy file that every tenant of a balancer shares, almost
 * unescaped. So these are lists of what may pass, not of what may not.
 */

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

/** A path as HAProxy compares it: not decoded, case-sensitive. */
export const PATH = /^\/([A-Za-z0-9/._~!*+,;=:@-]|%[0-9A-Fa-f][0-9A-Fa-f])*$/;

export function urlPath() {
  return ruled(z.string().max(128), {
    cel: `self.matches(r'${PATH.source.replaceAll('\\/', '/')}') && !self.contains('//')`,
    message:
      'path starts with /, has no // and only plain URL characters (letters, digits, / . _ ~ ! * + , ; = : @ - and %XX)',
    holds: (path) => PATH.test(path) && !path.includes('//'),
  });
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

export function ipAddress() {
  return ruled(z.string().max(45), {
    cel: 'isIP(self)',
    message: 'must be an IPv4 or IPv6 address, such as 10.20.0.10 or 2001:db8::10',
    holds: (text) => isIPv4(text) || isIPv6(text),
  });
}

export function ipv4Address() {
  return ruled(z.string().max(15), {
    cel: 'isIP(self) && ip(self).family() == 4',
    message: 'must be an IPv4 address, such as 198.51.100.7',
    holds: isIPv4,
  });
}

const isIPv4 = (text: string) => z.ipv4().safeParse(text).success;
/** Kubernetes refuses IPv4 inside IPv6, so we do. */
const isIPv6 = (text: string) => z.ipv6().safeParse(text).success && !text.includes('.');
