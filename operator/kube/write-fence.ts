/**
 * Stands before every write to the cloud, and lets through only what the leader sends while it is certain to lead. An aborted
 * signal is not enough: it is aborted by a timer, and after a pause answers that waited are worked on before timers are.
 */
export class WriteFence {
  #check: (() => void) | undefined;

  /** Throws where nothing may be written now. */
  readonly beforeWrite = (): void => {
    if (this.#check === undefined) throw new Error('this process does not lead; nothing is written');
    this.#check();
  };

  /** `check` throws once leading may be over. */
  open(check: () => void): void {
    this.#check = check;
  }

  close(): void {
    this.#check = undefined;
  }
}
