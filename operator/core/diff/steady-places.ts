/**
 * The largest set of marks that may stay where they are: the longest run of `wanted` that stands in the same order in
 * `places`. All others are moved, one write each, so the fewest writes bring the order about.
 */
export function steadyPlaces(wanted: readonly string[], places: readonly string[]): ReadonlySet<string> {
  const at = new Map(places.map((mark, place) => [mark, place]));
  const marks = wanted.filter((mark) => at.has(mark));
  const ends: number[] = []; // ends[n]: index of the mark that ends a run of n + 1 with the smallest place
  const before: number[] = [];
  const place = (index: number | undefined): number => at.get(marks[index ?? -1] ?? '') ?? -1;
  for (const [index, mark] of marks.entries()) {
    const here = at.get(mark) ?? -1;
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (place(ends[middle]) < here) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = index;
  }
  const steady = new Set<string>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) steady.add(marks[index] ?? '');
  return steady;
}
