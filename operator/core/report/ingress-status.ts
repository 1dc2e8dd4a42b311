import { portError } from '../model/foreign-words.ts';
import type { Problem } from '../model/reason.ts';
import type { IngressStatus, PortStatus } from '../model/report.ts';
import type { IngressObject } from '../model/snapshot.ts';
import type { Verdict } from '../model/verdict.ts';
import { endsByItself } from './conditions.ts';
import { admitted, type ToldInput } from './route-status.ts';
import { addressesOf } from './addresses.ts';

/**
 * What is ours of an Ingress's status: the addresses of its balancer, and which ports do not serve it as it asks. An address is told when
 * there is something to be found there (or a reason why not), and no passing trouble takes it away: DNS must not flap.
 */
export function ingressStatus(route: IngressObject, { result, verdicts }: ToldInput): IngressStatus {
  if (!admitted(verdicts)) return { loadBalancer: { ingress: [] } };
  const known = route.recordedIngress.flatMap(({ ip, ports }) =>
    ip === undefined ? [] : [{ ip, ports: asTold(ports) }],
  );
  const [addresses, ports] = [addressesOf(result), listenerPorts(route, { result, verdicts })];
  const onItsWay = verdicts.every(({ state }) => state === 'Pending') && known.length === 0;
  if (addresses.length === 0 || ports.length === 0 || onItsWay) return { loadBalancer: { ingress: known } };
  return { loadBalancer: { ingress: addresses.map((ip) => ({ ip, ports })) } };
}

/** Of the listeners that it is on; none while nothing was decided. */
function listenerPorts(
  { meta }: IngressObject,
  { result, verdicts }: Pick<ToldInput, 'result' | 'verdicts'>,
): readonly PortStatus[] {
  const { intents, claims } = result;
  const route = intents?.routes.find(({ source }) => source.uid === meta.uid);
  const names = new Set(route?.rules.flatMap((rule) => (rule.kind === 'http' ? rule.listeners : [])));
  const held = new Set(
    claims?.held.flatMap(({ unit }) => (unit.kind === 'http' ? [`${unit.rule} ${unit.listener}`] : [])),
  );
  return (intents?.balancer.listeners ?? [])
    .filter(({ name }) => names.has(name))
    .map(({ name, port }) => {
      const problem = firstProblem(verdicts, ({ rule }) => held.has(`${rule} ${name}`));
      return { port, protocol: 'TCP', ...(problem === undefined ? {} : { error: portError(problem.reason) }) };
    });
}

/** What is held serves what it served; what is under way is not wrong; and what was lost on one listener may be won on another. */
function firstProblem(verdicts: readonly Verdict[], won: (verdict: Verdict) => boolean): Problem | undefined {
  const bad = verdicts.find((verdict) => {
    switch (verdict.state) {
      case 'Programmed':
      case 'Held':
        return false;
      case 'Pending':
        return verdict.problem !== undefined && !endsByItself(verdict.problem);
      case 'Conflicted':
        return !won(verdict);
      case 'Dropped':
        return true;
    }
  });
  return bad?.problem;
}

/** As it stands in the status. */
function asTold(ports: IngressObject['recordedIngress'][number]['ports']): readonly PortStatus[] {
  return ports.flatMap(({ port, protocol, error }) =>
    protocol === 'TCP' ? [{ port, protocol, ...(error === undefined ? {} : { error }) }] : [],
  );
}
