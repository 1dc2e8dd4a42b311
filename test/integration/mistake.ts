/** A mistake that can be seen without looking at other objects; `message` is what both the API server and the operator say. */
export interface Mistake {
  readonly kind: 'SharedBalancer' | 'ServiceRoute';
  readonly what: string;
  readonly spec: unknown;
  readonly message: string;
}

/** A value outside its bounds: both name the field, each in its own words. */
export interface OutOfBounds {
  readonly kind: Mistake['kind'];
  readonly what: string;
  readonly spec: unknown;
  /** As the API server writes it: spec.listeners[0].port. */
  readonly field: string;
}

export function entriesOf<Entry>(
  kind: Mistake['kind'],
  table: readonly Omit<Entry, 'kind'>[],
): readonly (Omit<Entry, 'kind'> & { readonly kind: Mistake['kind'] })[] {
  return table.map((entry) => ({ kind, ...entry }));
}
