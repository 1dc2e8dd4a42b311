import type { SeenPolicy } from './seen.ts';

/** Switched off because the cloud stopped carrying out changes while it was on (diff/poison.ts). Until its owner changes it, its body is the one that was refused. */
export function isSuspended({ tags, enabled }: Pick<SeenPolicy, 'tags' | 'enabled'>): boolean {
  return !enabled && tags?.suspected !== undefined;
}
