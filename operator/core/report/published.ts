import { familyOf } from '../model/address-family.ts';
import { objectName } from '../model/brand.ts';
import { portError } from '../model/foreign-words.ts';
import { isServedByName, servedPorts } from '../model/served-ports.ts';
import type { RuleIntent } from '../model/intents.ts';
import { hostnamesRule, type Key, l4ListenerKey, portRule } from '../model/key.ts';
import type { PortStatus, ServiceIngress } from '../model/report.ts';
import type { PlainServiceObject, ServiceObject } from '../model/snapshot.ts';
import type { Ownership } from '../model/tags.ts';
import type { Verdict } from '../model/verdict.ts';
import { addressesOf } from './addresses.ts';
import { endsByItself } from './conditions.ts';
import { admitted, type ToldInput } from './route-status.ts';

/** What status.loadBalancer of a Service lists. Set once; no passing trouble takes it away, for DNS must not flap. */
export function published(route: PlainServiceObject, { result, verdicts }: ToldInput): readonly ServiceIngress[] {
  const { service, meta } = route;
  // where there is no balancer nobody serves it
  if (!admitted(verdicts) || result.snapshot.balancer === undefined) return [];
  const rules = result.intents?.routes.find(({ source }) => source.uid === meta.uid)?.rules ?? [];
  const ports = result.snapshot.services.get(objectName(meta.namespace, meta.name))?.ports ?? [];
  const told = portStatuses(route, ports, { result, verdicts });
  const addresses = addressesOf(result).filter((ip) => service.ipFamilies.includes(familyOf(ip)));
  if (addresses.length === 0) return service.recordedIngress.flatMap((one) => recorded(one, told));
  // clients inside the cluster that only know the name go through the load balancer
  const hostname = service.annotations['loadbalancer.openstack.org/hostname']?.trim();
  if (hostname !== undefined) return [{ hostname, ports: told }];
  return addresses.map((ip) => ({ ip, ipMode: ipMode(rules), ports: told }));
}

/** By hostnames one of its ports is served, and not under its own number. */
function portStatuses(
  { service }: PlainServiceObject,
  ports: ServiceObject['ports'],
  { result, verdicts }: Pick<ToldInput, 'result' | 'verdicts'>,
): readonly PortStatus[] {
  const whole = verdicts.find(({ rule }) => rule === '*');
  const byName = isServedByName(service);
  return servedPorts(service, ports).map(({ port, protocol }) => {
    const name = byName ? hostnamesRule : portRule(protocol, port);
    const there = byName ? result.seen?.policies : result.seen?.listeners.filter(isOf(l4ListenerKey(protocol, port)));
    const verdict = whole ?? verdicts.find(({ rule }) => rule === name);
    return { port, protocol, ...errorOf(verdict, there?.some(isOurs) === true ? 'standing' : 'absent') };
  });
}

type Child = { readonly tags: Ownership | undefined };

const isOurs = ({ tags }: Child): boolean => tags !== undefined;

function isOf(key: Key): (child: Child) => boolean {
  return ({ tags }) => tags?.key === key;
}

function recorded(
  { ip, hostname, ipMode: mode }: PlainServiceObject['service']['recordedIngress'][number],
  ports: readonly PortStatus[],
): readonly ServiceIngress[] {
  if (ip !== undefined) return [{ ip, ipMode: mode, ports }];
  return hostname === undefined ? [] : [{ hostname, ports }];
}

/** A port that is held serves what it served, and so does one that is there while the cloud refuses a change of it. */
function errorOf(verdict: Verdict | undefined, listener: 'standing' | 'absent'): { readonly error?: string } {
  const problem = verdict?.problem;
  const refused = verdict?.state === 'Pending' && problem !== undefined && !endsByItself(problem);
  const bad = verdict?.state === 'Dropped' || verdict?.state === 'Conflicted' || (refused && listener === 'absent');
  return bad && problem !== undefined ? { error: portError(problem.reason) } : {};
}

/** Proxy: clients inside the cluster must go through the load balancer, as packets are not passed on as they are. */
function ipMode(rules: readonly RuleIntent[]): 'VIP' | 'Proxy' {
  const changed = rules.some(
    (rule) => rule.kind === 'http' || rule.http !== undefined || rule.pool.protocol.startsWith('PROXY'),
  );
  return changed ? 'Proxy' : 'VIP';
}
