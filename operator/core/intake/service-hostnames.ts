import type { HttpRuleIntent, RuleIntent } from '../model/intents.ts';
import { objectName } from '../model/brand.ts';
import { hostnamesKey, httpPort, isServedByName } from '../model/served-ports.ts';
import { hostnamesRule } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { PlainServiceObject } from '../model/snapshot.ts';
import { said } from './annotations.ts';
import { chooseListeners } from './choose-listeners.ts';
import { hostnamesProblem } from './http-rule.ts';
import { canonicalMatches } from './matches.ts';
import { poolIntent } from './pool-intent.ts';
import { unsupported } from './refused-annotations.ts';
import type { RouteInput } from './route-input.ts';
import { type ServicePolicy, listenerAnnotations } from './service-policy.ts';
import { inWordsOfService, wordsOfService } from './service-words.ts';

type Input = RouteInput<PlainServiceObject>;

/** A Service that is reached by names on the listeners of its balancer, for all paths, in place of ports of its own. */
export function hostnameRules(input: Input, policy: ServicePolicy): readonly RuleIntent[] {
  const { route, snapshot, balancer } = input;
  const { annotations } = route.service;
  const { namespace, name } = route.meta;
  const port = httpPort(snapshot.services.get(objectName(namespace, name))?.ports ?? []);
  const hostnames = said(annotations, hostnamesKey) ?? [];
  if (port === undefined) return [];
  const { listeners, problem: noListener } = chosenListeners(input);
  const { pool, problem } = poolIntent({
    backends: [{ service: name, port: port.port, weight: 1, role: 'Active' }],
    namespace,
    kind: 'HTTP',
    own: [{ ...policy.backends, proxyProtocol: policy.proxyProtocol }],
    monitor: policy.monitor,
    defaults: balancer.spec.defaults,
    snapshot,
    words: wordsOfService,
  });
  const rule: HttpRuleIntent = {
    kind: 'http',
    name: hostnamesRule,
    listeners,
    hostnames: [...new Set(hostnames)].toSorted(),
    matches: canonicalMatches([], 'Forbidden').matches,
    action: { type: 'Forward', pool },
    problem:
      noListener ??
      hostnamesProblem(hostnames, (at) => `${hostnamesKey}[${at}]`) ??
      inWordsOfService(problem, port.port),
  };
  return [rule];
}

/** What does not go together with hostnames, or has no meaning without them. */
export function hostnamesMisfit(input: Input, { forwardedFor }: ServicePolicy): Problem | undefined {
  const { route, snapshot } = input;
  const { annotations, sourceRanges } = route.service;
  if (!isServedByName(route.service))
    return annotations['octopool.dev/listeners'] === undefined ? undefined : listenersAlone;
  const ports = snapshot.services.get(objectName(route.meta.namespace, route.meta.name))?.ports ?? [];
  const port = httpPort(ports);
  if (ports.length > 0 && port === undefined) return whichPort;
  if (port !== undefined && port.protocol !== 'TCP') return noHttpOver(port.protocol);
  const shared =
    listenerAnnotations(annotations)[0] ?? (isLimited(sourceRanges) ? 'loadBalancerSourceRanges' : undefined);
  if (shared !== undefined)
    return unsupported(
      `${shared}: with ${hostnamesKey} the listener is shared, and cannot be as one Service wants it. Take one of the two off.`,
    );
  return forwardedFor ? headerMissing(input) : undefined;
}

function isLimited(ranges: PlainServiceObject['service']['sourceRanges']): boolean {
  return 'invalid' in ranges || ranges.cidrs.length > 0;
}

function chosenListeners({ route, balancer }: Input): ReturnType<typeof chooseListeners> {
  const key = 'octopool.dev/listeners';
  const { listeners, problem } = chooseListeners(said(route.service.annotations, key), balancer, key);
  return { listeners, problem };
}

function headerMissing(input: Input): Problem | undefined {
  const { listeners } = chosenListeners(input);
  const without = input.balancer.listeners.find(
    ({ name, insertHeaders }) => listeners.includes(name) && !insertHeaders.includes('X-Forwarded-For'),
  );
  if (without === undefined) return undefined;
  return unsupported(
    `Annotation loadbalancer.openstack.org/x-forwarded-for: listener ${without.name} of the balancer adds no X-Forwarded-For. Ask the platform team, or name other listeners by octopool.dev/listeners.`,
  );
}

const listenersAlone: Problem = {
  reason: 'Invalid',
  message: `Annotation octopool.dev/listeners: it says on which listeners ${hostnamesKey} are served, and there are none. Add them, or take it off.`,
};

const whichPort: Problem = {
  reason: 'Invalid',
  message: `Annotation ${hostnamesKey}: the Service has several ports and none says that it speaks HTTP. Give one appProtocol: http, or the name http.`,
};

function noHttpOver(protocol: string): Problem {
  return unsupported(
    `Annotation ${hostnamesKey}: HTTP is not spoken over ${protocol}. Use a TCP port, or take it off.`,
  );
}
