/** One row of build/bench.json. null: does not apply, or is measured by another row. */
export interface Figure {
  readonly scenario: Scenario;
  /** Routes in all. */
  readonly n: number;
  readonly balancers: number;
  /** Calls to Octavia, counted by the cloud; of `statusWritesUnchanged` statuses written to Kubernetes. */
  readonly writes: number | null;
  readonly reads: number | null;
  /** The fewest calls by which Octavia's API lets it be done. */
  readonly floorWrites: number | null;
  readonly floorReads: number | null;
  /** Of `cycle4s`: real time for one cycle. Of `planner`: processor time for one decision on everything. */
  readonly seconds: number | null;
  /** Planner's time over JSON.parse's of the same snapshot. */
  readonly parseRatio: number | null;
  /** Of a process that holds it all in its caches. */
  readonly residentMiB: number | null;
}

export type Scenario =
  | 'bringUpL7'
  | 'bringUpL4'
  | 'addRoute'
  | 'addPort'
  | 'resync'
  | 'statusWritesUnchanged'
  | 'restart'
  | 'nodeRemoved'
  | 'deleteOne'
  | 'deleteAll'
  | 'cycle4s'
  | 'planner';

export function figure(of: Partial<Figure> & Pick<Figure, 'scenario' | 'n' | 'balancers'>): Figure {
  const nothing = { writes: null, reads: null, floorWrites: null, floorReads: null };
  return { ...nothing, seconds: null, parseRatio: null, residentMiB: null, ...of };
}
