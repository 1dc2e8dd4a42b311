import { z } from 'zod';
import { ruled } from './rule.ts';

/** Milliseconds of a GEP-2257 duration (`1h30m`, `250ms`). Throws on anything else: only for text that a schema has read. */
export function parseDuration(text: string): number {
  const milliseconds = durationOrNothing(text);
  if (milliseconds === undefined) throw new RangeError(`not a duration: ${JSON.stringify(text)}`);
  return milliseconds;
}

/** The same, or undefined where parseDuration throws. */
export function durationOrNothing(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(TERM))
    total += Number(count) * (MILLISECONDS.get(unit ?? '') ?? Number.NaN);
  return total;
}

/** A duration between two others, both included. `step: second` refuses fractions of a second, which Octavia cannot hold there. */
export function durationBetween(least: string, most: string, step: 'second' | 'millisecond' = 'millisecond') {
  const whole = step === 'second' ? ' && duration(self).getMilliseconds() % 1000 == 0' : '';
  const kind = step === 'second' ? 'a duration in whole seconds' : 'a duration';
  return ruled(z.string().max(32), {
    cel: `${IS_DURATION('self')} && duration(self) >= duration('${least}') && duration(self) <= duration('${most}')${whole}`,
    message: `must be ${kind} from ${least} to ${most}, such as ${step === 'second' ? '5s or 1m30s' : '50s, 1m30s or 500ms'}`,
    holds: (text) => {
      const length = durationOrNothing(text);
      if (length === undefined || length < parseDuration(least) || length > parseDuration(most)) return false;
      return step === 'millisecond' || length % 1000 === 0;
    },
  });
}

/** CEL that is true for a duration; `duration()` fails the whole rule on other text. */
export const IS_DURATION = (value: string) => `${value}.matches(r'${DURATION.source}')`;

const DURATION = /^([0-9]{1,5}(h|m|s|ms)){1,4}$/;
const TERM = /([0-9]{1,5})(h|ms|m|s)/g;
const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);
