import type { Instant } from '../model/brand.ts';
import { writeInstant } from '../model/tags.ts';

/** `2026-11-22T10:01:00Z`, whole seconds, as Kubernetes writes times. */
export function rfc3339(instant: Instant): string {
  const text = writeInstant(instant);
  const [date, time] = [text.slice(0, 8), text.slice(9, 15)];
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`;
}
