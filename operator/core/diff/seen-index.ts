import type { CloudId } from '../model/brand.ts';
import type { Key } from '../model/key.ts';
import { readKey } from '../model/key.ts';
import type { Operation } from '../model/plan.ts';
import type { Seen, SeenListener, SeenMonitor, SeenPolicy, SeenPool } from '../model/seen.ts';
import type { Ownership } from '../model/tags.ts';

/** The children of ours by their key. What is on its way out counts as gone; what is not ours is not in here. */
export interface SeenIndex {
  readonly seen: Seen;
  readonly listeners: ReadonlyMap<Key, SeenListener>;
  readonly pools: ReadonlyMap<Key, SeenPool>;
  readonly monitors: ReadonlyMap<Key, SeenMonitor>;
  readonly policies: ReadonlyMap<Key, SeenPolicy>;
  /** Listeners that have to go so that they can come again; they and their policies count as gone. */
  readonly replaced: readonly SeenListener[];
  readonly keyOf: (id: CloudId | undefined) => Key | undefined;
  /** A second object with a key that is taken: left by a create whose answer was lost. */
  readonly doubles: {
    readonly listeners: readonly SeenListener[];
    readonly pools: readonly SeenPool[];
    readonly policies: readonly SeenPolicy[];
  };
}

export function seenIndex(seen: Seen, mustBeReplaced: (listener: SeenListener) => boolean = () => false): SeenIndex {
  const replaced = seen.listeners.filter(
    (listener) => listener.tags !== undefined && !leaving(listener.provisioningStatus) && mustBeReplaced(listener),
  );
  const goes = new Set(replaced.map(({ id }) => id));
  const listeners = byKey(seen.listeners.filter(({ id }) => !goes.has(id)));
  const pools = byKey(seen.pools);
  const monitors = byKey(seen.monitors);
  const policies = byKey(seen.policies.filter(({ listenerId }) => !goes.has(listenerId)));
  const keys = new Map<CloudId, Key>();
  for (const map of [listeners.first, pools.first]) for (const [key, object] of map) keys.set(object.id, key);
  return {
    seen,
    listeners: listeners.first,
    pools: pools.first,
    monitors: monitors.first,
    policies: policies.first,
    replaced,
    keyOf: (id) => (id === undefined ? undefined : keys.get(id)),
    doubles: { listeners: listeners.rest, pools: pools.rest, policies: policies.rest },
  };
}

interface Tagged {
  readonly tags: Ownership | undefined;
  readonly provisioningStatus: string;
}

function byKey<Object extends Tagged>(
  objects: readonly Object[],
): { readonly first: ReadonlyMap<Key, Object>; readonly rest: readonly Object[] } {
  const first = new Map<Key, Object>();
  const rest: Object[] = [];
  for (const object of objects) {
    if (object.tags === undefined || leaving(object.provisioningStatus)) continue;
    if (first.has(object.tags.key)) rest.push(object);
    else first.set(object.tags.key, object);
  }
  return { first, rest };
}

function leaving(status: string): boolean {
  return status === 'PENDING_DELETE' || status === 'DELETED';
}

/** Whose rule an object serves, told by its tags. */
export function unitOf(tags: Ownership | undefined): Operation['unit'] {
  const parts = tags === undefined ? undefined : readKey(tags.key);
  if (parts === undefined || tags === undefined) return undefined;
  switch (parts.kind) {
    case 'lb':
    case 'httpListener':
      return undefined;
    case 'l4Listener':
      return tags.owner === undefined ? undefined : { owner: tags.owner, rule: 'l4' };
    case 'pool':
    case 'monitor':
    case 'policy':
      return { owner: parts.owner, rule: parts.rule };
  }
}
