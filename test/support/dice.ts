/** Numbers from a seed, the same on every machine. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= n < sides. */
  roll(sides: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 4_294_967_296) * sides);
  }

  one<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.roll(choices.length)] as Choice;
  }

  chance(percent: number): boolean {
    return this.roll(100) < percent;
  }
}
