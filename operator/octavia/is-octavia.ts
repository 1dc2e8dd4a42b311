import type { Operation } from '../core/model/plan.ts';

/** The others are Neutron's. */
export function isOctavia({ kind }: Operation): boolean {
  switch (kind) {
    case 'createVipPort':
    case 'createFloatingIP':
    case 'attachFloatingIP':
    case 'detachFloatingIP':
    case 'deleteFloatingIP':
    case 'deleteVipPort':
      return false;
    default:
      return true;
  }
}
