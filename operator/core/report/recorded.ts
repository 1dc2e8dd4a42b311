import type { BalancerStatus } from '../model/report.ts';
import type { Condition } from '../model/snapshot.ts';

/** Reads what an earlier pass wrote into a balancer's status, out of its raw form. Whatever is not as expected counts as never said. */

/** Asked for seldom, so what was known stays said. */
export function recordedTopology(raw: unknown): BalancerStatus['topology'] {
  const topology = fieldOf(raw, 'topology');
  return (['ActiveStandby', 'Single', 'Unknown'] as const).find((one) => one === topology);
}

export function recordedAddresses(raw: unknown): BalancerStatus['addresses'] {
  return listOf(raw, 'addresses').flatMap((entry) => {
    const [type, value] = [fieldOf(entry, 'type'), fieldOf(entry, 'value')];
    return (type === 'FloatingIP' || type === 'VIP') && typeof value === 'string' ? [{ type, value }] : [];
  });
}

/** Only to keep the time of transition. */
export function recordedListenerConditions(raw: unknown, listener: string): readonly Condition[] {
  const found = listOf(raw, 'listeners').find((one) => fieldOf(one, 'name') === listener);
  return listOf(found, 'conditions') as readonly Condition[];
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
