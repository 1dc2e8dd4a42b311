/**
 * Loaded before the operator: in a process that was paused, timers that are overdue run later than the answers that waited. Which of
 * them Node takes first depends on where the pause met it; what is safe must be so in the worse order.
 */
const overdueMs = 3_000;

globalThis.setTimeout = new Proxy(setTimeout, {
  apply: (set, _, [task, ms = 0, ...given]: [(...of: unknown[]) => void, number?, ...unknown[]]) => {
    let due = performance.now() + ms;
    const timer = set(() => {
      if (performance.now() - due < overdueMs) return task(...given);
      // once more its whole time; the same timer, so that it can be called off
      due = performance.now() + ms;
      timer.refresh();
    }, ms);
    return timer;
  },
});
