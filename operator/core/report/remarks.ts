import { familyOf } from '../model/address-family.ts';
import type { Problem } from '../model/reason.ts';
import type { PlainServiceObject } from '../model/snapshot.ts';
import { addressesOf } from './addresses.ts';
import type { PassResult } from './pass-result.ts';

/** What a Service asks for and does not get although it is served: behind its acceptance, and each once as an event. */
export function remarksOf(route: PlainServiceObject, result: PassResult): readonly Problem[] {
  const asked = result.intents?.routes.find(({ source }) => source.uid === route.meta.uid)?.remarks ?? [];
  const family = familyMissing(route, result);
  return family === undefined ? asked : [...asked, family];
}

/** A dual-stack Service on a balancer of one family. */
function familyMissing({ service }: PlainServiceObject, result: PassResult): Problem | undefined {
  const has = new Set(addressesOf(result).map(familyOf));
  const missing = service.ipFamilies.find((family) => !has.has(family));
  const served = service.ipFamilies.some((family) => has.has(family));
  if (missing === undefined || !served) return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `spec.ipFamilies: the balancer has no ${missing} address, so the Service is not reached by ${missing}. Use a balancer that has one, or leave ${missing} out.`,
  };
}
