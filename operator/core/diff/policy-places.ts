import type { CloudId } from '../model/brand.ts';
import type { Key } from '../model/key.ts';
import { steadyPlaces } from './steady-places.ts';

/** What stands where on one listener while a plan is made: by id what is there, by key what comes. */
type Mark = CloudId | Key;

/** Octavia renumbers by itself: only the order counts, never the numbers. Places are followed through every write. */
export class PolicyPlaces {
  readonly #places: Mark[];
  readonly #order: readonly Mark[];
  readonly #orderOf: ReadonlyMap<Mark, number>;
  /** Marks that stand right by now. */
  readonly #placed: Set<Mark>;

  /**
   * `there`: the policies in the order they have; `order`: the marks in the order they should have; `fixed`: those of them
   * that stay where they are, because what is held is not written to; `turning`: those that are written to whatever their place, and
   * stand among others from then on, so that the others keep theirs.
   */
  constructor(
    there: readonly CloudId[],
    order: readonly Mark[],
    { fixed, turning }: { readonly fixed: ReadonlySet<Mark>; readonly turning: ReadonlySet<Mark> },
  ) {
    this.#places = [...there];
    this.#order = order;
    this.#orderOf = new Map(order.map((mark, at) => [mark, at]));
    const anchors = steadyPlaces(
      order.filter((mark) => fixed.has(mark)),
      there,
    );
    const [is, should] = [anchorsBefore(there, anchors), anchorsBefore(order, anchors)];
    // on the right side of everything that cannot move
    const movable = order.filter((mark) => !fixed.has(mark) && is.get(mark) === should.get(mark));
    const staying = movable.filter((mark) => !turning.has(mark));
    this.#placed = new Set([...anchors, ...steadyPlaces(staying, there)] as Mark[]);
  }

  /** It stands before something that will stand before it, and stays. Asked before anything is placed. */
  movesBack(mark: Mark): boolean {
    const before = this.#placed.has(mark) ? undefined : this.#placedBefore(mark);
    return before !== undefined && this.#places.indexOf(mark) < this.#places.indexOf(before);
  }

  /** Undefined: it stands right. Else its place, from 1, to which it is moved. */
  place(mark: Mark): number | undefined {
    if (this.#placed.has(mark)) return undefined;
    const before = this.#placedBefore(mark);
    const old = this.#places.indexOf(mark);
    if (old >= 0) this.#places.splice(old, 1);
    const at = before === undefined ? 0 : this.#places.indexOf(before) + 1;
    this.#places.splice(at, 0, mark);
    this.#placed.add(mark);
    return at === old ? undefined : at + 1;
  }

  /** It is gone: those behind it move up. */
  leave(mark: CloudId): void {
    const at = this.#places.indexOf(mark);
    if (at >= 0) this.#places.splice(at, 1);
  }

  #placedBefore(mark: Mark): Mark | undefined {
    for (let at = (this.#orderOf.get(mark) ?? 0) - 1; at >= 0; at -= 1) {
      const other = this.#order[at];
      if (other !== undefined && this.#placed.has(other)) return other;
    }
    return undefined;
  }
}

/** How many anchors stand before each mark. Anchors follow each other in the same order everywhere, so their number tells which they are. */
function anchorsBefore(marks: readonly Mark[], anchors: ReadonlySet<string>): ReadonlyMap<Mark, number> {
  let count = 0;
  return new Map(
    marks.map((mark) => {
      const before = count;
      if (anchors.has(mark)) count += 1;
      return [mark, before];
    }),
  );
}
