import type { BalancerIntent, RouteIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { LabelSelector, Labels } from '../model/terms.ts';

/** Whether the balancer lets this namespace in. Says nothing about the balancer to somebody whom it does not admit. */
export function attachProblem(route: RouteIntent, { attachment, name }: BalancerIntent): Problem | undefined {
  const own = name.slice(0, name.indexOf('/'));
  const { namespace } = route.source;
  switch (attachment.from) {
    case 'All':
      return undefined;
    case 'Same':
      return namespace === own ? undefined : notAdmitted;
    case 'Selector':
      return attachment.selector !== undefined && selects(attachment.selector, route.namespaceLabels)
        ? undefined
        : notAdmitted;
    case 'None':
      return notAdmitted;
  }
}

const notAdmitted: Problem = {
  reason: 'NotAllowedByBalancer',
  message: 'The balancer does not admit routes of this namespace. Ask the platform team, or name another balancer.',
};

function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
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
