import { type HttpRuleIntent, type Match, matchText, type PoolIntent, type RouteIntent } from '../model/intents.ts';
import { shownHostname } from '../model/hostname.ts';
import type { Digest } from '../model/brand.ts';
import type { IngressBackend } from '../model/ingress-spec.ts';
import { conditionOf, type Problem, type Reason } from '../model/reason.ts';
import type { IngressObject, RecordedClaim } from '../model/snapshot.ts';
import { chooseListeners } from './choose-listeners.ts';
import { hostnamesProblem, prefixProblem } from './http-rule.ts';
import { ingressSettings, type IngressSettings, listenersAnnotation } from './ingress-annotations.ts';
import { type AskedPath, askedPaths } from './ingress-paths.ts';
import { ingressRemarks } from './ingress-remarks.ts';
import { tlsProblem } from './ingress-tls.ts';
import { poolIntent } from './pool-intent.ts';
import { common, type RouteInput } from './route-input.ts';
import { unsafe } from './safe-strings.ts';

type Input = RouteInput<IngressObject>;

/**
 * An Ingress → its intent: a rule for each path of each host. A rule is known by these two, not by what answers there: so another backend
 * is another list of members, and no request is without an answer meanwhile.
 */
export function ingressIntent(input: Input): RouteIntent {
  const { route, balancer, snapshot } = input;
  const { ingress, meta } = route;
  const settings = ingressSettings(ingress.annotations);
  const everyHost = balancer.attachment.hostnames.some(
    ({ pattern, namespaces }) => pattern === '*' && namespaces.includes(meta.namespace),
  );
  const paths = askedPaths(ingress, everyHost ? 'delegated' : 'notDelegated');
  const named = withNames(paths, input.digest);
  return {
    ...common(input),
    problem: undefined,
    remarks: ingressRemarks(ingress.annotations, snapshot.name),
    rules: named.map((path) => pathRule(path, settings, input)),
    recorded: remembered(paths, input),
  };
}

interface NamedPath extends AskedPath {
  readonly name: string;
  /** A path of the same host before it says the same. */
  readonly repeats: boolean;
}

/** Stable whatever else is edited. The first of several equal ones counts; the others are told. */
function withNames(paths: readonly AskedPath[], digest: Digest): readonly NamedPath[] {
  const times = new Map<string, number>();
  return paths.map((path) => {
    const name = ruleName(path, digest);
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return { ...path, name: time === 1 ? name : `${name}-${time}`, repeats: time > 1 };
  });
}

/** Its beginning is for people. No dot and no slash: it is a part of keys. */
function ruleName({ hostname, match }: Pick<AskedPath, 'hostname' | 'match'>, digest: Digest): string {
  const hash = digest(`${hostname} ${matchText(match)}`).slice(0, 8);
  return `${wordsOf(match)}-${hash}`;
}

function wordsOf({ path }: Match): string {
  if (path.type === 'Any') return 'all';
  const words = path.value.toLowerCase().match(/[a-z0-9]+/g) ?? ['path'];
  return words.join('-').slice(0, 24).replace(/-$/, '');
}

function pathRule(path: NamedPath, settings: IngressSettings, input: Input): HttpRuleIntent {
  const { listeners, problem: noListener } = chooseListeners(settings.listeners, input.balancer, listenersAnnotation);
  const { pool, problem: badBackend } = backendPool(path, settings, input);
  return {
    kind: 'http',
    name: path.name,
    listeners,
    hostnames: [path.hostname],
    matches: [path.match],
    action: { type: 'Forward', pool },
    withdrawn: tlsProblem(path.hostname, input.route.ingress),
    problem:
      settings.problem ?? noListener ?? textProblem(path) ?? (path.repeats ? repeated(path) : undefined) ?? badBackend,
  };
}

function textProblem({ host, path, match, field }: AskedPath): Problem | undefined {
  return (
    (host === undefined ? undefined : hostnamesProblem([host], () => 'spec.rules[].host')) ??
    unsafe('path', `${field}.path`, path) ??
    prefixProblem([match], `${field}.path`)
  );
}

function repeated({ hostname, path }: NamedPath): Problem {
  return {
    reason: 'RuleConflict',
    message: `Path ${path} of host ${shownHostname(hostname)} stands in this Ingress before; the first one counts. Remove one of them.`,
  };
}

function backendPool(
  { backend, field }: AskedPath,
  { policy }: IngressSettings,
  { route, balancer, snapshot }: Input,
): { readonly pool: PoolIntent; readonly problem: Problem | undefined } {
  const { pool, problem } = poolIntent({
    backends: backend.kind === 'service' ? [{ ...backend, weight: 1, role: 'Active' }] : [],
    namespace: route.meta.namespace,
    kind: 'HTTP',
    own: [policy],
    defaults: balancer.spec.defaults,
    snapshot,
    words: {
      service: 'backend.service.name',
      port: 'backend.service.port',
      podIP: 'annotate the Ingress with octopool.dev/target-type: PodIP',
    },
  });
  return { pool, problem: resourceProblem(backend, field) ?? problem };
}

function resourceProblem(backend: IngressBackend, field: string): Problem | undefined {
  if (backend.kind === 'service') return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `${field}: ${backend.what} is no Service, and a load balancer can send to nothing else. Name a Service.`,
  };
}

/**
 * A status without conditions says little: that it was served on a port, perhaps but for what the cloud or a Service lacked. With which
 * hosts, only its spec can say now, and since when only its creation.
 */
function remembered(paths: readonly AskedPath[], { route, balancer }: Input): readonly RecordedClaim[] {
  const ports = route.recordedIngress.flatMap((entry) => entry.ports.filter(({ error }) => wasServed(error)));
  const served = new Set(ports.map(({ port }) => port));
  const listeners = balancer.listeners.filter(({ port }) => served.has(port)).map(({ name }) => name);
  if (listeners.length === 0) return [];
  return [...new Set(paths.map(({ hostname }) => hostname))].map((value) => ({
    type: 'Hostname',
    value,
    listeners,
    state: 'Held',
    since: route.meta.createdAt,
  }));
}

function wasServed(error: string | undefined): boolean {
  if (error === undefined) return true;
  // another's host, or one that it may not have, is no claim
  const lacks = conditionOf(error.slice(error.indexOf('/') + 1) as Reason);
  return lacks === 'Programmed' || lacks === 'ResolvedRefs';
}
