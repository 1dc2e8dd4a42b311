import type { ActionIntent, BalancerIntent, OwnTargets, RouteIntent, RuleIntent, Source } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { HttpRouteSpec, HttpRuleSpec, L4RouteSpec, RouteSpec } from '../model/route-spec.ts';
import type { RouteObject, Snapshot } from '../model/snapshot.ts';
import { canonicalMatches } from './matches.ts';
import { hostnamesProblem, prefixProblem, redirectProblem } from './http-rule.ts';
import { poolIntent } from './pool-intent.ts';

export interface RouteInput {
  readonly route: RouteObject;
  readonly snapshot: Snapshot;
  readonly balancer: BalancerIntent;
  readonly own: OwnTargets;
}

/** A ServiceRoute → its intent. What it did wrong stands as a problem on the rule that did it. */
export function routeIntent(input: RouteInput): RouteIntent {
  const { route, snapshot } = input;
  const { spec } = route;
  const { namespace, name, uid, generation, createdAt } = route.meta;
  const source: Source = { kind: 'ServiceRoute', namespace, name, uid, generation, createdAt };
  const invalid = 'invalid' in spec ? spec.invalid : undefined;
  return {
    source,
    namespaceLabels: snapshot.namespaces.get(namespace) ?? {},
    switches: route.switches,
    problem: invalid,
    rules: 'invalid' in spec ? [] : rules(spec, input),
    own: input.own,
    recorded: route.status.claims,
  };
}

function rules(spec: RouteSpec, input: RouteInput): readonly RuleIntent[] {
  const { protocol } = spec;
  switch (protocol.kind) {
    case 'l4':
      return [l4Rule(protocol, spec, input)];
    case 'http':
      return protocol.rules.map((rule) => httpRule({ http: protocol, rule, spec, input }));
  }
}

function l4Rule(l4: L4RouteSpec, spec: RouteSpec, { route, snapshot, balancer }: RouteInput): RuleIntent {
  const { port, protocol, connectionLimit, timeouts } = l4;
  const { pool, problem } = poolIntent({
    backends: l4.backends,
    namespace: route.meta.namespace,
    kind: protocol,
    own: [spec.backendPolicy],
    defaults: balancer.spec.defaults,
    snapshot,
  });
  return {
    kind: 'l4',
    name: 'l4',
    port,
    protocol,
    allowedCidrs: l4.sourceRanges.toSorted(),
    connectionLimit,
    timeouts,
    pool,
    problem: timeoutsProblem(l4) ?? problem,
  };
}

/** Octavia forwards UDP and SCTP in the kernel, which knows none of these times. */
function timeoutsProblem({ protocol, timeouts }: L4RouteSpec): Problem | undefined {
  if (protocol === 'TCP' || timeouts === undefined) return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `l4.timeouts: Octavia has no timeouts for ${protocol}. Leave them out.`,
  };
}

interface HttpRuleInput {
  readonly http: HttpRouteSpec;
  readonly rule: HttpRuleSpec;
  readonly spec: RouteSpec;
  readonly input: RouteInput;
}

function httpRule(of: HttpRuleInput): RuleIntent {
  const { http, rule, input } = of;
  const { action, problem: unserved } = httpAction(of);
  const { matches, problem: badMatch } = canonicalMatches(rule.matches, input.balancer.attachment.regexMatches);
  const { listeners, problem: noListener } = chooseListeners(http.listeners, input.balancer);
  return {
    kind: 'http',
    name: rule.name,
    listeners,
    hostnames: [...new Set(http.hostnames)].toSorted(),
    matches,
    action,
    problem: noListener ?? hostnamesProblem(http.hostnames) ?? badMatch ?? prefixProblem(matches) ?? unserved,
  };
}

/** Only what is forwarded needs backends and a pool. */
function httpAction({ rule, spec, input }: HttpRuleInput): {
  readonly action: ActionIntent;
  readonly problem: Problem | undefined;
} {
  if (rule.action.type !== 'Forward') return { action: rule.action, problem: redirectProblem(rule.action) };
  const { pool, problem } = poolIntent({
    backends: rule.action.backends,
    namespace: input.route.meta.namespace,
    kind: 'HTTP',
    own: [rule.backendPolicy, spec.backendPolicy],
    defaults: input.balancer.spec.defaults,
    snapshot: input.snapshot,
  });
  return { action: { type: 'Forward', pool }, problem };
}

function chooseListeners(
  named: readonly string[] | undefined,
  { listeners }: BalancerIntent,
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
              message: 'The balancer has no HTTP listener. Ask the platform team for one, or use l4.',
            },
    };
  const missing = named.find((name) => !there.includes(name));
  const problem: Problem | undefined =
    missing === undefined
      ? undefined
      : {
          reason: 'ListenerNotFound',
          message: `The balancer has no HTTP listener ${missing}. Correct http.listeners, or leave it out for all of them.`,
        };
  return { listeners: [...new Set(named)].filter((name) => there.includes(name)).toSorted(), problem };
}
