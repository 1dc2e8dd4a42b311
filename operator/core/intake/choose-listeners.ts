import type { BalancerIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';

/** Only a route has another way. */
const routeField = 'http.listeners';

/** Listeners of the balancer that serve HTTP: those that are named, or all. */
export function chooseListeners(
  named: readonly string[] | undefined,
  { listeners }: Pick<BalancerIntent, 'listeners'>,
  field = routeField,
): { readonly listeners: readonly string[]; readonly problem: Problem | undefined } {
  // a Prometheus listener shows metrics and nothing else
  const there = listeners.flatMap(({ name, protocol }) => (protocol === 'HTTP' ? [name] : [])).toSorted();
  if (named === undefined)
    return {
      listeners: there,
      problem:
        there.length > 0
          ? undefined
          : {
              reason: 'ListenerNotFound',
              message: `The balancer has no HTTP listener. Ask the platform team for one${field === routeField ? ', or use l4' : ''}.`,
            },
    };
  const missing = named.find((name) => !there.includes(name));
  const problem: Problem | undefined =
    missing === undefined
      ? undefined
      : {
          reason: 'ListenerNotFound',
          message: `The balancer has no HTTP listener ${missing}. Correct ${field}, or leave it out for all of them.`,
        };
  return { listeners: [...new Set(named)].filter((name) => there.includes(name)).toSorted(), problem };
}
