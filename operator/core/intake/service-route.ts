import type { ActionIntent, RouteIntent, RuleIntent } from '../model/intents.ts';
import { l4Rule } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { HttpRouteSpec, HttpRuleSpec, L4RouteSpec, RouteSpec } from '../model/route-spec.ts';
import type { ServiceRouteObject } from '../model/snapshot.ts';
import { canonicalMatches } from './matches.ts';
import { hostnamesProblem, prefixProblem, redirectProblem } from './http-rule.ts';
import { chooseListeners } from './choose-listeners.ts';
import { poolIntent } from './pool-intent.ts';
import { common, type RouteInput } from './route-input.ts';

type Input = RouteInput<ServiceRouteObject>;

/** A ServiceRoute → its intent. What it did wrong stands as a problem on the rule that did it. */
export function serviceRouteIntent(input: Input): RouteIntent {
  const { spec } = input.route;
  const invalid = 'invalid' in spec ? spec.invalid : undefined;
  return {
    ...common(input),
    problem: invalid,
    remarks: [],
    rules: 'invalid' in spec ? [] : rules(spec, input),
  };
}

function rules(spec: RouteSpec, input: Input): readonly RuleIntent[] {
  const { protocol } = spec;
  switch (protocol.kind) {
    case 'l4':
      return [l4Intent(protocol, spec, input)];
    case 'http':
      return protocol.rules.map((rule) => httpRule({ http: protocol, rule, spec, input }));
  }
}

function l4Intent(l4: L4RouteSpec, spec: RouteSpec, { route, snapshot, balancer }: Input): RuleIntent {
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
    name: l4Rule,
    port,
    protocol,
    http: undefined,
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
  readonly input: Input;
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
