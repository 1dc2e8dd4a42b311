import type { RouteIntent } from '../model/intents.ts';
import type { IngressObject } from '../model/snapshot.ts';
import { common, type RouteInput } from './route-input.ts';

/** An Ingress → its intent. */
export function ingressIntent(input: RouteInput<IngressObject>): RouteIntent {
  return { ...common(input), problem: undefined, remarks: [], rules: [] };
}
