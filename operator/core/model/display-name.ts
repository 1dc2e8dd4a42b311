import type { Digest } from './brand.ts';
import type { Key } from './key.ts';

/** Octavia's limit for names and descriptions. */
const longest = 255;

/**
 * `<namespace>/<object>/<part>#<first 6 hex of the key's hash>`: people read the first half, the second half makes
 * it unique within a balancer, as a fully populated create demands. Cut in the middle when too long.
 */
export function displayName(readable: string, key: Key, digest: Digest): string {
  const suffix = `#${digest(key).slice(0, 6)}`;
  return `${cutMiddle(readable, longest - suffix.length)}${suffix}`;
}

export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil((limit - 1) / 2);
  return `${text.slice(0, head)}~${text.slice(text.length - (limit - 1 - head))}`;
}
