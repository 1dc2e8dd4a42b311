import { isServedByName } from '../model/served-ports.ts';
import type { BalancerObject, PlainServiceObject, RecordedClaim } from '../model/snapshot.ts';

/**
 * The ports that a Service which shares a balancer was told to have, by the entries of its status: what ServiceRoutes have in
 * status.claims. They are this balancer's only where the address is, and a port without an error was served only where all was programmed.
 */
export function rememberedPorts(
  { meta, service, status }: PlainServiceObject,
  balancer: BalancerObject | undefined,
): readonly RecordedClaim[] {
  const programmed = status.conditions.find(({ type }) => type === 'Programmed');
  const served = programmed?.status === 'True' || lost.has(programmed?.reason ?? '');
  if (!served || isServedByName(service)) return [];
  const known = [balancer?.status.address, balancer?.status.vipAddress];
  const ports = service.recordedIngress
    .filter(({ ip }) => ip !== undefined && known.some((address) => address === ip))
    .flatMap((entry) => entry.ports.filter(({ error }) => error === undefined));
  const values = new Set(ports.map(({ protocol, port }) => `${protocol}/${port}`));
  return [...values].map((value) => ({ type: 'Port', value, listeners: [], state: 'Held', since: meta.createdAt }));
}

/** What a Service that was served reads while its load balancer is made again. */
const lost: ReadonlySet<string> = new Set(['LoadBalancerMissing', 'ProvisioningError']);
