import { isUnavailable, KubeError } from './kube-request.ts';

/** Refused writes of single objects, told only when all the others were tried: nobody waits for a stranger's mistake. */
export class Refusals {
  readonly #errors: KubeError[] = [];

  /** Answers undefined when the write was refused. Throws when no other would go better. */
  async keep<T>(write: Promise<T>): Promise<T | undefined> {
    try {
      return await write;
    } catch (error) {
      if (!(error instanceof KubeError) || isUnavailable(error)) throw error;
      this.#errors.push(error);
      return undefined;
    }
  }

  get some(): readonly KubeError[] {
    return this.#errors;
  }

  /** Throws what was kept. */
  tell(): void {
    const [first, ...others] = this.#errors;
    if (first === undefined) return;
    if (others.length === 0) throw first;
    throw new AggregateError(this.#errors, `${this.#errors.length} statuses were refused; the first: ${first.message}`);
  }
}
