import { afterAll, afterEach } from '@jest/globals';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';

/** Says how to take back what has just been made. */
export type Undo = (step: () => Promise<unknown>) => void;

/** Taken back after each case of the describe block that calls this. */
export function undoneAfterEach(): Undo {
  const steps: (() => Promise<unknown>)[] = [];
  afterEach(() => takeBack(steps));
  return (step) => void steps.push(step);
}

/** Taken back when all cases of the describe block that calls this are over. */
export function undoneAfterAll(): Undo {
  const steps: (() => Promise<unknown>)[] = [];
  afterAll(() => takeBack(steps));
  return (step) => void steps.push(step);
}

/** The last first, all of them; then throws the first failure. What is gone already is no failure. */
async function takeBack(steps: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let step = steps.pop(); step !== undefined; step = steps.pop())
    await step().catch((error: unknown) => {
      if (!isNotFound(error)) failures.push(error);
    });
  if (failures.length > 0) throw failures[0];
}
