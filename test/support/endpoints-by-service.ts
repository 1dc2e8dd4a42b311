import { objectName } from '../../operator/core/model/brand.ts';
import type { Snapshot } from '../../operator/core/model/snapshot.ts';
import type { EndpointSliceRecord } from '../../operator/kube/endpoint-slice-record.ts';

/** The endpoints of each Service, all its slices together. */
export function endpointsByService(slices: readonly EndpointSliceRecord[]): Snapshot['endpoints'] {
  return new Map(
    slices.flatMap(({ namespace, service }) => {
      const mine = slices.filter((slice) => slice.namespace === namespace && slice.service === service);
      return service === undefined
        ? []
        : [[objectName(namespace, service), mine.flatMap((slice) => slice.endpoints)] as const];
    }),
  );
}
