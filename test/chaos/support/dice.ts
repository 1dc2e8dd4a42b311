/** Chance with a seed: the same numbers for the same seed, so that a failure can be seen again. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to sides - 1. */
  roll(sides: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * sides);
  }

  one<Value>(values: readonly Value[]): Value {
    const value = values[this.roll(values.length)];
    if (value === undefined) throw new RangeError('nothing to choose from');
    return value;
  }
}
