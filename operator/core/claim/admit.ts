import type { Problem } from '../model/reason.ts';
import type { Candidate } from './candidates.ts';
import type { Ledger } from './ledger.ts';

/** Gives a unit all its keys, or none and the reason. Never names who has them. */
export function admit(candidate: Candidate, ledger: Ledger): void {
  const problem =
    candidate.unit.kind === 'l4'
      ? takePort(candidate, candidate.unit, ledger)
      : takeRule(candidate, candidate.unit, ledger);
  if (problem === undefined) ledger.winners.push(candidate);
  else ledger.losers.push({ candidate, problem });
}

type UnitOf<Kind> = Extract<Candidate['unit'], { kind: Kind }>;

function takePort(_: Candidate, unit: UnitOf<'l4'>, ledger: Ledger): Problem | undefined {
  const holder = ledger.ports.get(unit.port);
  const self = `${unit.owner} ${unit.rule}`;
  if (holder !== undefined && holder !== self)
    return {
      reason: 'PortConflict',
      message: `Port ${unit.protocol} ${unit.port} is held by another listener of the balancer. Choose another port.`,
    };
  ledger.ports.set(unit.port, self);
  return undefined;
}

function takeRule({ namespace }: Candidate, unit: UnitOf<'http'>, ledger: Ledger): Problem | undefined {
  const host = `${unit.listener} ${unit.hostname}`;
  const holder = ledger.hosts.get(host);
  if (holder !== undefined && holder !== namespace)
    return {
      reason: 'HostnameConflict',
      message: `Hostname ${unit.hostname} is held by another route. Choose another name, or ask the platform team.`,
    };
  const self = `${unit.owner} ${unit.rule}`;
  const rule = `${host} ${unit.match}`;
  const closedBy = ledger.closed.get(host);
  const taken = ledger.rules.get(rule);
  if ((taken !== undefined && taken !== self) || (closedBy !== undefined && closedBy !== unit.owner))
    return {
      reason: 'RuleConflict',
      message: `Hostname ${unit.hostname} with match "${unit.match}" is held by another route. Choose another path or name.`,
    };
  ledger.hosts.set(host, namespace);
  ledger.rules.set(rule, self);
  if (unit.match === '*') ledger.closed.set(host, unit.owner);
  return undefined;
}
