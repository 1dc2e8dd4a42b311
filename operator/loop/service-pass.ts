import { dedicatedBalancer } from '../core/intake/dedicated.ts';
import { placeOf } from '../core/intake/place.ts';
import { type BalancerName, type Instant, objectName } from '../core/model/brand.ts';
import { holdsOwnBalancer } from '../core/model/finalizers.ts';
import type { Problem } from '../core/model/reason.ts';
import type { PlainServiceObject, Snapshot } from '../core/model/snapshot.ts';
import { foreignNote, unmarked, markOf } from '../core/report/service-marks.ts';
import { passOver, tellUnserved } from './balancer-pass.ts';
import type { Again, Deps } from './deps.ts';
import { unlessRefused } from './tell.ts';

/**
 * One pass over a Service that is served as it is. Where it has a load balancer of its own, or still has one that it is to lose,
 * that is a pass over a balancer of one; a Service that shares one is told by the pass over that.
 */
export async function servicePass(name: BalancerName, deps: Deps, signal: AbortSignal): Promise<Again> {
  const snapshot = deps.cluster.read(name);
  const { subject } = snapshot;
  if (subject === undefined) return { kind: 'never' };
  const place = placeOf(subject, deps.placePolicy);
  const { deletedAt } = subject.service;
  const leaving = deletedAt ?? (place.kind === 'dedicated' ? undefined : deps.now());
  // the condition came before the finalizer
  if (holdsOwnBalancer({ ...subject.service, ...subject.status }))
    return dedicatedPass(snapshot, { subject, leaving }, deps, signal);
  if (deletedAt !== undefined) return { kind: 'never' };
  switch (place.kind) {
    case 'dedicated':
      return dedicatedPass(snapshot, { subject, leaving }, deps, signal);
    case 'unplaced':
      return tellUnserved({ ...snapshot, routes: [subject] }, place.problem, deps, signal);
    case 'foreign':
      return tellForeign(subject, place.problem, deps, signal);
    case 'pooled':
      return { kind: 'never' };
    case 'none':
      return unmark(snapshot, subject, deps, signal);
  }
}

async function dedicatedPass(
  snapshot: Snapshot,
  { subject, leaving }: { readonly subject: PlainServiceObject; readonly leaving: Instant | undefined },
  deps: Deps,
  signal: AbortSignal,
): Promise<Again> {
  // first the condition, then the finalizer, then the cloud: whatever comes between, the Service is known for ours
  if (leaving === undefined && subject.status.conditions.length === 0) {
    const written = await deps.cluster.write(markOf(snapshot.name, subject, deps.now()), signal);
    if (written === 'refused') return { kind: 'backoff' };
  }
  const balancer = dedicatedBalancer(subject, leaving);
  return passOver({ ...snapshot, balancer, routes: leaving === undefined ? [subject] : [] }, deps, signal);
}

/** Once, and nothing else is written to it. */
async function tellForeign(
  subject: PlainServiceObject,
  problem: Problem,
  { cluster, toldForeign }: Deps,
  signal: AbortSignal,
): Promise<Again> {
  const { uid } = subject.meta;
  if (!toldForeign.has(uid)) await cluster.note(foreignNote(subject, problem), signal);
  toldForeign.add(uid);
  return { kind: 'never' };
}

/** Nothing of ours serves it any more: what we said of it goes. */
async function unmark(
  { name }: Snapshot,
  subject: PlainServiceObject,
  { cluster }: Deps,
  signal: AbortSignal,
): Promise<Again> {
  if (subject.status.conditions.length === 0) return { kind: 'never' };
  const report = unmarked(name, objectName(subject.meta.namespace, subject.meta.name), subject);
  return unlessRefused({ kind: 'never' }, await cluster.write(report, signal));
}
