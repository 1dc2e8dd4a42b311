import type { Uid } from '../model/brand.ts';
import type { Problem } from '../model/reason.ts';
import type { EventNote, ToldIngresses } from '../model/report.ts';
import type { IngressObject } from '../model/snapshot.ts';
import { endsByItself } from './conditions.ts';
import { note } from './events.ts';
import type { ToldRoute } from './route-answer.ts';
import type { ToldInput } from './route-status.ts';

/*
 * An Ingress has no conditions, so what its owner was told last is remembered beside it. Without that memory, in a new process, the
 * errors of ports in its status say which Reasons were told; the others are told once more.
 */

/** What the owner of an Ingress has to know, one for each Reason; undefined: nothing was decided, so nothing is news. */
export function ingressProblems({ result, verdicts }: ToldInput): readonly Problem[] | undefined {
  const { snapshot, intents } = result;
  if (intents === undefined && snapshot.balancer !== undefined) return undefined;
  const remarks = intents?.routes.flatMap((route) => route.remarks) ?? [];
  const all = [...verdicts.flatMap(({ problem }) => problem ?? []), ...remarks];
  const byReason = Map.groupBy(
    all.filter((problem) => !endsByItself(problem)),
    ({ reason }) => reason,
  );
  return [...byReason].map(([reason, problems]) => ({ reason, message: together(problems) }));
}

/** More than a few add nothing. */
function together(problems: readonly Problem[]): string {
  const messages = [...new Set(problems.map(({ message }) => message))];
  return messages.slice(0, 3).join(' ');
}

/** What `kubectl describe ingress` shows: each problem once, and the coming and going of addresses. */
export function ingressEvents(told: ToldRoute, before: ToldIngresses): readonly EventNote[] {
  const { route, answer } = told;
  if (route.kind !== 'Ingress' || answer.kind !== 'Ingress') return [];
  const news = ingressNews(told, before).map(({ reason, message }) =>
    note(route, { type: 'Warning', reason, message }),
  );
  const [was, is] = [route.recordedIngress, answer.status.loadBalancer.ingress];
  const addresses = is.map(({ ip }) => ip).join(', ');
  if (was.length === 0 && is.some(({ ports }) => ports.some(({ error }) => error === undefined)))
    return [...news, note(route, { type: 'Normal', reason: 'Attached', message: `Served at ${addresses}.` })];
  if (was.length > 0 && is.length === 0)
    return [...news, note(route, { type: 'Normal', reason: 'Detached', message: 'Not served any more.' })];
  return news;
}

/** Problems that its owner was not told yet. */
export function ingressNews({ route, problems = [] }: ToldRoute, before: ToldIngresses): readonly Problem[] {
  if (route.kind !== 'Ingress') return [];
  const known = before.get(route.meta.uid);
  const recorded = known === undefined ? recordedReasons(route) : new Set<string>();
  return problems.filter((problem) => known?.includes(textOf(problem)) !== true && !recorded.has(problem.reason));
}

/** What there is to remember: while a rule is under way its last trouble stays told, so that no retry tells it again. */
export function toldAfter(told: readonly ToldRoute[], before: ToldIngresses): ToldIngresses {
  return new Map(
    told.flatMap(({ route, problems, pending }): readonly (readonly [Uid, readonly string[]])[] => {
      if (route.kind !== 'Ingress' || problems === undefined) return [];
      const now = problems.map(textOf);
      const kept = pending ? (before.get(route.meta.uid) ?? []) : [];
      return [[route.meta.uid, [...new Set([...kept, ...now])]]];
    }),
  );
}

function textOf({ reason, message }: Problem): string {
  return `${reason}: ${message}`;
}

function recordedReasons({ recordedIngress }: IngressObject): ReadonlySet<string> {
  const errors = recordedIngress.flatMap(({ ports }) => ports.flatMap(({ error }) => error ?? []));
  return new Set(errors.map((error) => error.slice(error.indexOf('/') + 1)));
}
