import type { IpAddress } from '../model/brand.ts';
import type { Operation } from '../model/plan.ts';
import type { Seen, SeenFloatingIP } from '../model/seen.ts';
import type { WantedTree } from '../model/wanted.ts';

/** The floating IP on the VIP port. An address that we have is kept, whatever the spec now says about where to get one. */
export function diffAddress(wanted: WantedTree, seen: Seen): readonly Operation[] {
  const { address } = wanted;
  const there = seen.floatingIP;
  const comes = seen.loadBalancer !== undefined || wanted.loadBalancer?.vip !== undefined;
  const to = { portId: seen.loadBalancer?.vipPortId ?? seen.vipPort?.id, fixedAddress: fixedAddress(seen) };
  const { portId } = to;
  switch (address.kind) {
    case 'unresolved':
      return [];
    case 'none':
      return there?.ours === true ? [takeOff(there, address.reclaimPolicy)] : [];
    case 'allocate':
      if (!comes) return [];
      if (there === undefined)
        return [
          { kind: 'createFloatingIP', address, ...to, why: 'the balancer has no public address', unit: undefined },
        ];
      return isOn(there, portId) ? [] : [attach(there, to)];
    case 'existing': {
      if (!comes) return [];
      if (there?.id === address.floatingIpId && isOn(there, portId)) return [];
      const other: readonly Operation[] =
        there !== undefined && there.id !== address.floatingIpId && (there.ours || isOn(there, portId))
          ? [takeOff(there, there.ours ? address.reclaimPolicy : 'Retain')]
          : [];
      return [
        ...other,
        {
          kind: 'attachFloatingIP',
          id: address.floatingIpId,
          ...to,
          why: 'the named address is not on the balancer',
          unit: undefined,
        },
      ];
    }
  }
}

type Target = Pick<Extract<Operation, { kind: 'attachFloatingIP' }>, 'portId' | 'fixedAddress'>;

function fixedAddress({ loadBalancer }: Seen): IpAddress | undefined {
  const all = loadBalancer === undefined ? [] : [loadBalancer.vipAddress, ...loadBalancer.additionalVipAddresses];
  return all.find((address) => address.includes('.'));
}

function isOn(there: SeenFloatingIP, portId: string | undefined): boolean {
  return there.portId !== undefined && (portId === undefined || there.portId === portId);
}

function attach(there: SeenFloatingIP, to: Target): Operation {
  return { kind: 'attachFloatingIP', id: there.id, ...to, why: 'the address is not on the balancer', unit: undefined };
}

function takeOff(there: SeenFloatingIP, reclaimPolicy: 'Delete' | 'Retain'): Operation {
  const why = 'another address, or none, is asked for';
  return reclaimPolicy === 'Delete'
    ? { kind: 'deleteFloatingIP', id: there.id, why, unit: undefined }
    : { kind: 'detachFloatingIP', id: there.id, why, unit: undefined };
}
