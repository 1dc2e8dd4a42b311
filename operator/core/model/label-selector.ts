import type { LabelSelector, Labels } from './terms.ts';

/** metav1.LabelSelector; one that says nothing selects everything. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  const exact = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return (
    exact &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
      }
    })
  );
}
