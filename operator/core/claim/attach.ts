import type { BalancerIntent, RouteIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import { selects } from '../model/label-selector.ts';

/** Whether the balancer lets this namespace in. Says nothing about the balancer to somebody whom it does not admit. */
export function attachProblem(route: RouteIntent, balancer: BalancerIntent): Problem | undefined {
  // a balancer of one serves the Service that describes it
  if (balancer.kind === 'Service') return undefined;
  return namespaceProblem(route, balancer) ?? kindProblem(route, balancer);
}

function kindProblem({ source }: RouteIntent, { attachment }: BalancerIntent): Problem | undefined {
  if (attachment.kinds.includes(source.kind)) return undefined;
  const kinds = attachment.kinds.length === 0 ? 'no kind' : attachment.kinds.toSorted().join(', ');
  return {
    reason: 'KindNotAllowed',
    message: `The balancer admits ${kinds}, no ${source.kind}. Ask the platform team, or use another kind.`,
  };
}

function namespaceProblem(
  { source, namespaceLabels }: RouteIntent,
  { attachment, name }: BalancerIntent,
): Problem | undefined {
  const own = name.slice(0, name.indexOf('/'));
  const { namespace } = source;
  switch (attachment.from) {
    case 'All':
      return undefined;
    case 'Same':
      return namespace === own ? undefined : notAdmitted;
    case 'Selector':
      return attachment.selector !== undefined && selects(attachment.selector, namespaceLabels)
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
