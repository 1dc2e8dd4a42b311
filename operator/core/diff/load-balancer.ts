import type { Operation } from '../model/plan.ts';
import type { Seen } from '../model/seen.ts';
import { writeTags } from '../model/tags.ts';
import type { WantedTree } from '../model/wanted.ts';
import { sameTexts } from './same.ts';

/** The balancer itself: made with everything on it, or brought in line. */
export function diffLoadBalancer(wanted: WantedTree, seen: Seen): readonly Operation[] {
  const { loadBalancer } = wanted;
  if (loadBalancer === undefined) return [];
  if (seen.loadBalancer !== undefined) return update(loadBalancer, seen.loadBalancer);
  const { vip } = loadBalancer;
  if (vip === undefined) return [];
  const portId = vip.kind === 'givenPort' ? vip.portId : seen.vipPort?.id;
  const create: Operation = {
    kind: 'createLoadBalancer',
    loadBalancer,
    tree: wanted,
    portId,
    why: 'there is none',
    unit: undefined,
  };
  if (vip.kind === 'givenPort' || portId !== undefined) return [create];
  return [{ kind: 'createVipPort', vip, why: 'the address is to outlive the balancer', unit: undefined }, create];
}

function update(
  wanted: NonNullable<WantedTree['loadBalancer']>,
  seen: NonNullable<Seen['loadBalancer']>,
): readonly Operation[] {
  const same =
    wanted.name === seen.name &&
    wanted.description === seen.description &&
    wanted.qosPolicyId === seen.qosPolicyId &&
    seen.tags !== undefined &&
    sameTexts(writeTags(wanted.tags), writeTags(seen.tags));
  if (same) return [];
  return [
    {
      kind: 'updateLoadBalancer',
      id: seen.id,
      loadBalancer: wanted,
      why: 'name, description, QoS policy or tags differ',
      unit: undefined,
    },
  ];
}
