/** How one part of a world is ended. */
export type End = () => Promise<unknown>;

/**
 * Starts a world whose parts say how they are ended, the last one first; one that cannot be ended does not keep the others. What was
 * started is ended when the start fails.
 */
export async function endedInOrder<World>(
  start: (ends: End[]) => Promise<World>,
): Promise<World & { readonly stop: () => Promise<void> }> {
  const ends: End[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const end of ends.splice(0).toReversed()) await end().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, `clean-up failed: ${failures.map(String).join('; ')}`);
  };
  try {
    return { ...(await start(ends)), stop };
  } catch (error) {
    await stop().catch(() => undefined); // what failed first matters
    throw error;
  }
}
