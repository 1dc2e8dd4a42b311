import type { Uid } from '../model/brand.ts';
import { readKey } from '../model/key.ts';
import { readMemberName } from '../model/member-name.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen, SeenMember } from '../model/seen.ts';
import type { RouteObject } from '../model/snapshot.ts';
import type { Saying } from './conditions.ts';
import { endpointsProblem } from './endpoints.ts';
import type { PassResult } from './pass-result.ts';

/** Members of one owner's pools that a monitor watches. */
export interface Health {
  readonly online: number;
  readonly monitored: number;
  readonly saying: Saying;
}

/** Of all pools of a route. A Service without Pods is told first: it is the cause of what the monitors see. */
export function routeHealth(route: RouteObject, { seen, snapshot }: Pick<PassResult, 'seen' | 'snapshot'>): Health {
  const health = healthOf(route.meta.uid, undefined, seen);
  const cause = endpointsProblem(route, snapshot);
  return cause === undefined ? health : { ...health, saying: unhealthy(cause) };
}

/** Counted over all pools of an owner, or those of one rule. */
export function healthOf(owner: Uid, rule: string | undefined, seen: Seen | undefined): Health {
  const monitored = (seen === undefined ? [] : membersOf(owner, rule, seen)).filter(
    (member) => member.operatingStatus !== 'NO_MONITOR',
  );
  // Octavia calls a member of weight 0 that answers DRAINING
  const online = monitored.filter(
    (member) => member.operatingStatus === 'ONLINE' || member.operatingStatus === 'DRAINING',
  ).length;
  return { online, monitored: monitored.length, saying: healthSaying(online, monitored.length) };
}

export function healthText({ online, monitored }: Health): string {
  return monitored === 0 ? '-' : `${online}/${monitored}`;
}

/** What drains is on its way out: it may stop to answer at any moment, and nobody's health suffers from it. */
function membersOf(owner: Uid, rule: string | undefined, seen: Seen): readonly SeenMember[] {
  return seen.pools.flatMap((pool) => {
    const parts = pool.tags === undefined ? undefined : readKey(pool.tags.key);
    const mine = parts?.kind === 'pool' && parts.owner === owner && (rule === undefined || parts.rule === rule);
    return mine ? pool.members.filter(({ name }) => readMemberName(name).drainsUntil === undefined) : [];
  });
}

/** Not part of Ready: health flaps, configuration does not. */
function healthSaying(online: number, monitored: number): Saying {
  const type = 'BackendsHealthy';
  if (monitored === 0)
    return { type, status: 'Unknown', reason: 'NoMonitor', message: 'No member is watched by a health monitor.' };
  if (online === monitored)
    return { type, status: 'True', reason: 'AllHealthy', message: 'every member answers its health monitor' };
  if (online === 0)
    return unhealthy({
      reason: 'NoHealthyMembers',
      message: `None of ${monitored} members answers its health monitor. Look at the Pods and at what lets the load balancer reach them or their node ports.`,
    });
  return unhealthy({
    reason: 'SomeUnhealthy',
    message: `${monitored - online} of ${monitored} members do not answer their health monitor.`,
  });
}

function unhealthy(problem: Problem): Saying {
  return { type: 'BackendsHealthy', status: 'False', ...problem };
}
