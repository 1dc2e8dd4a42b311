import type { Key } from '../model/key.ts';
import type { Operation, Ref } from '../model/plan.ts';
import type { SeenListener } from '../model/seen.ts';
import type { WantedListener, WantedTree } from '../model/wanted.ts';
import { refTo } from './refs.ts';
import { differing } from './same.ts';
import { type SeenIndex, unitOf } from './seen-index.ts';
import { sameTags } from '../model/tags.ts';

const fields = ['name', 'description', 'connectionLimit', 'timeouts', 'insertHeaders', 'allowedCidrs'] as const;

export function diffListeners(wanted: WantedTree, index: SeenIndex): readonly Operation[] {
  const frozen = new Set(wanted.frozen);
  const keep = new Set<Key>(wanted.listeners.map((listener) => listener.key));
  const replaced = new Set(index.replaced.map(({ tags }) => tags?.key));
  const gone = [...index.listeners.values()].filter(
    ({ tags }) => tags !== undefined && !keep.has(tags.key) && !frozen.has(tags.key),
  );
  return [
    ...[...gone, ...index.doubles.listeners].map((listener) => remove(listener, 'nobody wants it any more')),
    ...index.replaced.map((listener) => remove(listener, moves)),
    ...wanted.listeners.flatMap((listener) => bring(listener, replaced, index)),
  ];
}

/** Octavia cannot change these two in place: the listener goes, with its policies, and comes again. */
const moves = 'its port or protocol changes';

export function mustBeReplaced({ listeners }: WantedTree): (seen: SeenListener) => boolean {
  const byKey = new Map<Key | undefined, WantedListener>(listeners.map((listener) => [listener.key, listener]));
  return (seen) => {
    const listener = byKey.get(seen.tags?.key);
    return listener !== undefined && (listener.port !== seen.port || listener.protocol !== seen.protocol);
  };
}

function bring(wanted: WantedListener, replaced: ReadonlySet<Key | undefined>, index: SeenIndex): readonly Operation[] {
  const seen = index.listeners.get(wanted.key);
  const unit = unitOf(wanted.tags);
  const defaultPool = wanted.defaultPool === undefined ? undefined : refTo(wanted.defaultPool, index);
  const why = replaced.has(wanted.key) ? moves : 'there is none';
  if (seen === undefined) return [{ kind: 'createListener', listener: wanted, defaultPool, why, unit }];
  const changes = [...differing(wanted, seen, fields), ...poolChange(defaultPool, seen), ...tagChange(wanted, seen)];
  if (changes.length === 0) return [];
  return [
    {
      kind: 'updateListener',
      id: seen.id,
      listener: wanted,
      defaultPool,
      why: `differs in ${changes.join(', ')}`,
      unit,
    },
  ];
}

function poolChange(defaultPool: Ref | undefined, seen: SeenListener): readonly string[] {
  const wantedId = defaultPool !== undefined && 'id' in defaultPool ? defaultPool.id : undefined;
  const isNew = defaultPool !== undefined && 'key' in defaultPool;
  return isNew || wantedId !== seen.defaultPoolId ? ['defaultPool'] : [];
}

function tagChange(wanted: WantedListener, seen: SeenListener): readonly string[] {
  return sameTags(wanted.tags, seen.tags) ? [] : ['tags'];
}

function remove(listener: SeenListener, why: string): Operation {
  return { kind: 'deleteListener', id: listener.id, why, unit: unitOf(listener.tags) };
}
