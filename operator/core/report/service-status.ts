import { objectName } from '../model/brand.ts';
import type { RuleIntent } from '../model/intents.ts';
import type { PortStatus, ServiceIngress, ServiceStatus } from '../model/report.ts';
import type { PlainServiceObject } from '../model/snapshot.ts';
import type { Verdict } from '../model/verdict.ts';
import type { PassResult } from './pass-result.ts';
import { admitted, type ToldInput } from './route-status.ts';
import { serviceConditions } from './service-conditions.ts';

/** What is ours of a Service's status: the addresses that reach it, and four conditions. */
export function serviceStatus(route: PlainServiceObject, input: ToldInput): ServiceStatus {
  const conditions = serviceConditions(route, input);
  // the API server keeps addresses on this type alone
  if (route.service.type !== 'LoadBalancer') return { conditions };
  return { conditions, loadBalancer: { ingress: published(route, input) } };
}

/** Set once; no passing trouble takes it away, for DNS must not flap. */
function published(route: PlainServiceObject, { result, verdicts }: ToldInput): readonly ServiceIngress[] {
  const { service, meta } = route;
  if (!admitted(verdicts)) return [];
  const rules = result.intents?.routes.find(({ source }) => source.uid === meta.uid)?.rules ?? [];
  const ports = result.snapshot.services.get(objectName(meta.namespace, meta.name))?.ports ?? [];
  const told = ports.map(({ port, protocol }): PortStatus => {
    const verdict = verdicts.find(({ rule }) => rule === `${protocol.toLowerCase()}-${port}`);
    return { port, protocol, ...errorOf(verdict) };
  });
  const addresses = addressesOf(result).filter((ip) => service.ipFamilies.includes(ip.includes(':') ? 'IPv6' : 'IPv4'));
  if (addresses.length === 0) return service.recordedIngress.flatMap((one) => recorded(one, told));
  return addresses.map((ip) => ({ ip, ipMode: ipMode(rules), ports: told }));
}

function recorded(
  { ip, hostname, ipMode: mode }: PlainServiceObject['service']['recordedIngress'][number],
  ports: readonly PortStatus[],
): readonly ServiceIngress[] {
  if (ip !== undefined) return [{ ip, ipMode: mode, ports }];
  return hostname === undefined ? [] : [{ hostname, ports }];
}

/** The floating IP stands for the IPv4 address behind it. */
export function addressesOf({ seen }: PassResult): readonly string[] {
  const { vipAddress, additionalVipAddresses = [] } = seen?.loadBalancer ?? {};
  const vips = [...(vipAddress === undefined ? [] : [vipAddress]), ...additionalVipAddresses];
  const floating = seen?.floatingIP?.portId === undefined ? undefined : seen.floatingIP.address;
  if (floating === undefined || vips.length === 0) return vips;
  return [floating, ...vips.filter((vip) => vip.includes(':'))];
}

/** A port that is held serves what it served. */
function errorOf(verdict: Verdict | undefined): { readonly error?: string } {
  const bad = verdict?.state === 'Dropped' || verdict?.state === 'Conflicted';
  return bad && verdict.problem !== undefined ? { error: `octopool.dev/${verdict.problem.reason}` } : {};
}

/** Proxy: clients inside the cluster must go through the load balancer, as packets are not passed on as they are. */
function ipMode(rules: readonly RuleIntent[]): 'VIP' | 'Proxy' {
  const changed = rules.some(
    (rule) => rule.kind === 'http' || rule.http !== undefined || rule.pool.protocol.startsWith('PROXY'),
  );
  return changed ? 'Proxy' : 'VIP';
}
