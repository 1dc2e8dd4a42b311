import { claim } from '../../operator/core/claim/claim.ts';
import { diff } from '../../operator/core/diff/diff.ts';
import { guard } from '../../operator/core/guard/guard.ts';
import { intake } from '../../operator/core/intake/intake.ts';
import type { Operation } from '../../operator/core/model/plan.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { Condition, Snapshot } from '../../operator/core/model/snapshot.ts';
import type { WantedTree } from '../../operator/core/model/wanted.ts';
import { report } from '../../operator/core/report/report.ts';
import { heldListeners } from '../../operator/core/translate/listeners.ts';
import { translate } from '../../operator/core/translate/translate.ts';
import { memberLine } from '../support/backends-world.ts';
import { digest, instant, nothingSeen, programmed } from '../support/core-fixtures.ts';

/** What a reader of a case sees: what would be written to the cloud, and what each owner would be told. */
export interface Judgement {
  readonly operations: readonly string[];
  readonly withheld: readonly string[];
  readonly balancer: readonly string[];
  readonly routes: Readonly<Record<string, readonly string[]>>;
  readonly events: readonly string[];
}

/** One pass over `now`, on a cloud in which `before` was brought up (nothing when there is no before). */
export function judge(before: Snapshot | undefined, now: Snapshot): Judgement {
  const seen = before === undefined ? nothingSeen : programmed(decide(before, nothingSeen).wanted);
  const { claims, verdicts, plan, intents, defaultProblems } = decide(now, seen);
  const said = report({
    snapshot: now,
    now: instant(30),
    seen,
    claims,
    verdicts,
    plan,
    done: { refused: [] },
    outcome: plan.operations.length === 0 ? { kind: 'settled' } : { kind: 'changed' },
    heldListeners: heldListeners({ intents, seen }),
    defaultProblems,
    deletion: undefined,
  });
  return {
    operations: plan.operations.map(
      (operation) => `${operation.kind}${keyOf(operation)}: ${operation.why}${membersOf(operation)}`,
    ),
    withheld: plan.withheld.map(({ operation, problem }) => `${operation.kind}: ${problem.reason} ${problem.message}`),
    balancer: conditions(said.balancer?.conditions ?? []),
    routes: Object.fromEntries(
      said.routes.map(({ name, status }) => [
        name,
        [
          ...status.rules.map((rule) => `rule ${rule.name} ${[rule.state, rule.reason].filter(Boolean).join(' ')}`),
          ...status.claims.map((one) => `claim ${one.type} ${one.value} ${one.state}`),
          ...conditions(status.conditions),
        ],
      ]),
    ),
    events: said.events.map((event) => `${event.namespace}/${event.name} ${event.type} ${event.reason}`),
  };
}

function decide(snapshot: Snapshot, seen: Seen) {
  const { balancer } = snapshot;
  if (balancer === undefined || 'invalid' in balancer.spec)
    throw new Error('a case needs a valid SharedBalancer edge/public');
  const intents = intake(snapshot, { ...balancer, spec: balancer.spec });
  const claims = claim({ intents, seen, now: instant(30), digest });
  const { wanted, verdicts, defaultProblems } = translate({ intents, claims, seen, now: instant(30), digest });
  return {
    intents,
    claims,
    verdicts,
    defaultProblems,
    wanted: wanted satisfies WantedTree,
    plan: guard(diff(wanted, seen), seen),
  };
}

/** Which object of the tree an operation is about, where it says so. */
function keyOf(operation: object): string {
  for (const field of Object.values(operation)) {
    if (typeof field === 'object' && field !== null && 'key' in field && typeof field.key === 'string')
      return ` ${field.key}`;
  }
  return '';
}

/** The whole set, because a batch PUT says it whole. */
function membersOf(operation: Operation): string {
  return operation.kind === 'replaceMembers' ? ` → ${operation.members.map(memberLine).join(', ') || 'none'}` : '';
}

function conditions(all: readonly Condition[]): readonly string[] {
  return all.map(
    ({ type, status, reason, message }) => `${type}=${status} ${reason}${message === '' ? '' : `: ${message}`}`,
  );
}
