import { claim } from '../../operator/core/claim/claim.ts';
import { intake } from '../../operator/core/intake/intake.ts';
import { diff } from '../../operator/core/diff/diff.ts';
import type { Intents } from '../../operator/core/model/intents.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { Snapshot } from '../../operator/core/model/snapshot.ts';
import type { Claims, Verdict } from '../../operator/core/model/verdict.ts';
import type { WantedTree } from '../../operator/core/model/wanted.ts';
import { translate } from '../../operator/core/translate/translate.ts';
import {
  digest,
  httpSpec,
  instant,
  l4Spec,
  nothingSeen,
  programmed,
  route,
  service,
  snapshot,
} from './core-fixtures.ts';

/** A small world that is decided and programmed: a host in team a, a port in team b. */
export function worldOf(): { readonly snapshot: Snapshot; readonly wanted: WantedTree; readonly seen: Seen } {
  const world = snapshot({
    routes: [
      route({ namespace: 'a', name: 'shop', spec: httpSpec('shop.example.com', 'shop') }),
      route({ namespace: 'b', name: 'pg', spec: l4Spec(5432, 'pg'), minute: 2 }),
    ],
    services: [service('a', 'shop', 30001), service('b', 'pg', 30003)],
  });
  const { wanted } = decided(world, nothingSeen);
  return { snapshot: world, wanted, seen: programmed(wanted) };
}

/** What the pure rooms between reading and diff make of a snapshot. */
export function decided(
  world: Snapshot,
  seen: Seen,
): {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly wanted: WantedTree;
  readonly verdicts: readonly Verdict[];
} {
  const { balancer } = world;
  if (balancer === undefined || 'invalid' in balancer.spec) throw new Error('the world needs a valid balancer');
  const intents = intake(world, { ...balancer, spec: balancer.spec }, digest);
  const now = instant(30);
  const claims = claim({ intents, seen, now, digest });
  return { intents, claims, ...translate({ intents, claims, seen, now, digest }) };
}

/** The diff of both, for tests of rooms that may not import it. */
export const differences: typeof diff = diff;
