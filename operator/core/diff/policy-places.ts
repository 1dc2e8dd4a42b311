import type { CloudId } from '../model/brand.ts';
import type { Key } from '../model/key.ts';
import { steadyPlaces } from './steady-places.ts';

/** What stands where on one listener while a plan is made: by id what is there, by key what comes. */
type Mark = CloudId | Key;

/** Octavia renumbers by itself: only the order counts, never the numbers. Places are followed through every write. */
export class PolicyPlaces {
  readonly #places: Mark[];
  readonly #order: readonly Mark[];
  /** Marks that stand right by now. */
  readonly #placed: Set<Mark>;

  /**
   * `there`: the policies in the order they have; `order`: the marks in the order they should have; `fixed`: those of them
   * that stay where they are, because what is held is not written to.
   */
  constructor(there: readonly CloudId[], order: readonly Mark[], fixed: ReadonlySet<Mark>) {
    this.#places = [...there];
    this.#order = order;
    const anchors = steadyPlaces(
      order.filter((mark) => fixed.has(mark)),
      there,
    );
    const movable = order.filter((mark) => !fixed.has(mark) && this.#agrees(mark, anchors));
    this.#placed = new Set([...anchors, ...steadyPlaces(movable, there)] as Mark[]);
  }

  /** Undefined: it stands right. Else its place, from 1, to which it is moved. */
  place(mark: Mark): number | undefined {
    if (this.#placed.has(mark)) return undefined;
    const before = this.#order.slice(0, this.#order.indexOf(mark)).findLast((other) => this.#placed.has(other));
    const old = this.#places.indexOf(mark);
    if (old >= 0) this.#places.splice(old, 1);
    const at = before === undefined ? 0 : this.#places.indexOf(before) + 1;
    this.#places.splice(at, 0, mark);
    this.#placed.add(mark);
    return at + 1;
  }

  /** Whether it stands on the right side of everything that cannot move. */
  #agrees(mark: Mark, anchors: ReadonlySet<string>): boolean {
    const at = this.#places.indexOf(mark);
    const wanted = this.#order.indexOf(mark);
    return [...anchors].every((anchor) => {
      const before = this.#places.indexOf(anchor as Mark) < at;
      return before === this.#order.indexOf(anchor as Mark) < wanted;
    });
  }
}
