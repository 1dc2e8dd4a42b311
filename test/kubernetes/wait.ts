import { setTimeout as pause } from 'node:timers/promises';

/** How a step says what it does, for a person who waits. */
export type Progress = (line: string) => void;

/**
 * Asks `probe` again and again until it answers with something other than `undefined`, and gives that back.
 * A probe that throws ends the wait with its error: it answers `undefined` for "not yet".
 * @throws Error that names `what`, when `seconds` have passed.
 */
export async function waitFor<T>(what: string, seconds: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    const asked = performance.now();
    const answer = await probe();
    if (answer !== undefined) return answer;
    // a probe that is work, such as a kubectl, would otherwise keep what it waits for waiting
    await pause(Math.max(50, 2 * (performance.now() - asked)));
  }
  throw new Error(`gave up after ${seconds} s: ${what}`);
}

/** Runs `step`, and tells `progress` every 20 seconds that it goes on. */
export async function withHeartbeat<T>(what: string, progress: Progress, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const timer = setInterval(() => progress(`${what}: ${Math.round((performance.now() - started) / 1000)} s`), 20_000);
  try {
    return await step();
  } finally {
    clearInterval(timer);
  }
}
