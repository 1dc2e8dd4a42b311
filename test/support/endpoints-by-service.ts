import { objectName } from '../../operator/core/model/brand.ts';
import type { Snapshot } from '../../operator/core/model/snapshot.ts';
import type { EndpointSliceRecord } from '../../operator/kube/endpoint-slice-record.ts';

/** The endpoints of each Service, all its slices together. */
export function endpointsByService(slices: readonly EndpointSliceRecord[]): Snapshot['endpoints'] {
  const named = slices.flatMap(({ namespace, service, endpoints }) =>
    service === undefined ? [] : [{ name: objectName(namespace, service), endpoints }],
  );
  const byName = Map.groupBy(named, ({ name }) => name);
  return new Map([...byName].map(([name, all]) => [name, all.flatMap(({ endpoints }) => endpoints)]));
}
