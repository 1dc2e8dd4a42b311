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

/** A family that the balancer lacks: of a dual-stack Service the second, of another one the only one, and then it has no address at all. */
function familyMissing({ service }: PlainServiceObject, result: PassResult): Problem | undefined {
  const has = new Set(addressesOf(result).map(familyOf));
  const missing = service.ipFamilies.find((family) => !has.has(family));
  // while it has no address yet nothing is said of it
  if (missing === undefined || has.size === 0) return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `spec.ipFamilies: the balancer has no ${missing} address, so the Service is not reached by ${missing}. ${service.ipFamilies.length > 1 ? `Use a balancer that has one, or leave ${missing} out.` : 'Use a balancer that has one, or make the Service again with the other family.'}`,
  };
}
