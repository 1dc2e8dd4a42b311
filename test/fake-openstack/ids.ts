import { createHash } from 'node:crypto';

/** Ids that look random and are the same in each run: lists, which are in the order of ids within a second, can be repeated. */
export class Ids {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  uuid(): string {
    const hex = this.hex();
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join(
      '-',
    );
  }

  /** Each greater than the one before: what is really made seconds apart keeps its order though it is made within one here. */
  next(): string {
    const [, ...rest] = this.uuid().split('-');
    return [(0x10_00_00_00 + this.#count).toString(16), ...rest].join('-');
  }

  /** 32 digits, as Keystone writes its ids. */
  hex(): string {
    this.#count += 1;
    return createHash('sha256').update(`${this.#seed} ${this.#count}`).digest('hex').slice(0, 32);
  }
}
