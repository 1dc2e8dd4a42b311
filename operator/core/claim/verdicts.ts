import type { Instant } from '../model/brand.ts';
import type { Intents, RouteIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { Claim, Claims, Verdict } from '../model/verdict.ts';
import type { Candidate, Refused } from './candidates.ts';
import type { Evidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { attachProblem } from './attach.ts';

/** Rules that are broken while something of theirs is programmed. Whoever is turned away by the admin is not held. */
export function frozenRules({ routes, balancer }: Intents, proof: Evidence): Claims['frozen'] {
  return routes
    .filter((route) => attachProblem(route, balancer) === undefined)
    .flatMap((route): Claims['frozen'] => {
      const owner = route.source.uid;
      if (route.problem !== undefined) return proof.anyOf(owner, undefined) ? [{ owner, rule: undefined }] : [];
      return route.rules
        .filter((rule) => rule.problem !== undefined && proof.anyOf(owner, rule.name))
        .map((rule) => ({ owner, rule: rule.name }));
    });
}

/** One verdict per rule; the state of a rule is the worst of its units. */
export function ruleVerdicts(of: {
  readonly intents: Intents;
  readonly refused: readonly Refused[];
  readonly ledger: Ledger;
  readonly proof: Evidence;
}): readonly Verdict[] {
  const refused = new Map(of.refused.map((one) => [`${one.route.source.uid} ${one.rule}`, one.problem]));
  const lost = new Map<string, { readonly candidate: Candidate; readonly problem: Problem }[]>();
  for (const loser of of.ledger.losers) {
    const name = `${loser.candidate.unit.owner} ${loser.candidate.unit.rule}`;
    lost.set(name, [...(lost.get(name) ?? []), loser]);
  }
  return of.intents.routes.flatMap((route) => {
    const owner = route.source.uid;
    const rules = refused.has(`${owner} *`) ? ['*'] : route.rules.map((rule) => rule.name);
    return rules.map((rule) =>
      verdict({
        route,
        rule,
        refused: refused.get(`${owner} ${rule}`),
        lost: lost.get(`${owner} ${rule}`) ?? [],
        proof: of.proof,
      }),
    );
  });
}

function verdict(of: {
  readonly route: RouteIntent;
  readonly rule: string;
  readonly refused: Problem | undefined;
  readonly lost: readonly { readonly problem: Problem }[];
  readonly proof: Evidence;
}): Verdict {
  const { route, rule, refused } = of;
  const owner = route.source.uid;
  if (refused !== undefined) {
    const held = route.problem !== undefined && of.proof.anyOf(owner, undefined) && refused === route.problem;
    return { owner, rule, state: held ? 'Held' : 'Dropped', problem: refused };
  }
  const own = route.rules.find((one) => one.name === rule)?.problem;
  if (own !== undefined) return { owner, rule, state: 'Held', problem: own };
  if (of.lost.length === 0) return { owner, rule, state: 'Programmed', problem: undefined };
  return { owner, rule, state: 'Conflicted', problem: worstOf(of.lost.map((one) => one.problem)) };
}

/** All that was lost, sorted, so that the message does not change with the order of inputs. */
function worstOf(problems: readonly Problem[]): Problem {
  const sorted = problems.toSorted((a, b) => (a.reason + a.message < b.reason + b.message ? -1 : 1));
  const first = sorted[0] ?? { reason: 'RuleConflict', message: '' };
  const messages = [...new Set(sorted.map((problem) => problem.message))];
  return { reason: first.reason, message: messages.slice(0, 4).join(' ') };
}

/** What each route holds and waits for, as its status says it. */
export function visibleClaims(of: {
  readonly intents: Intents;
  readonly ledger: Ledger;
  readonly now: Instant;
}): readonly Claim[] {
  const claims = new Map<string, Claim>();
  const waiting = of.ledger.losers.map(({ candidate }) => ({ candidate, state: 'Waiting' as const }));
  const held = of.ledger.winners.map((candidate) => ({ candidate, state: 'Held' as const }));
  for (const { candidate, state } of [...held, ...waiting]) {
    const claim = asClaim(candidate, state, of.now);
    const name = `${claim.owner} ${claim.type} ${claim.value} ${claim.state}`;
    const other = claims.get(name);
    claims.set(name, other === undefined ? claim : merged(other, claim));
  }
  const sinceWaiting = rememberedWaits(of.intents);
  return [...claims]
    .map(([name, claim]) => (claim.state === 'Waiting' ? { ...claim, since: sinceWaiting.get(name) ?? of.now } : claim))
    .toSorted((a, b) => (claimText(a) < claimText(b) ? -1 : 1));
}

function asClaim({ unit, claimedAt }: Candidate, state: Claim['state'], now: Instant): Claim {
  const base = { owner: unit.owner, state, since: claimedAt ?? now } as const;
  if (unit.kind === 'l4') return { ...base, type: 'Port', value: `${unit.protocol}/${unit.port}`, listeners: [] };
  return { ...base, type: 'Hostname', value: unit.hostname, listeners: [unit.listener] };
}

function merged(a: Claim, b: Claim): Claim {
  const listeners = [...new Set([...a.listeners, ...b.listeners])].toSorted();
  return { ...a, listeners, since: Math.min(a.since, b.since) as Instant };
}

function rememberedWaits({ routes }: Intents): ReadonlyMap<string, Instant> {
  const waits = new Map<string, Instant>();
  for (const route of routes)
    for (const { type, value, state, since } of route.recorded)
      if (state === 'Waiting') waits.set(`${route.source.uid} ${type} ${value} ${state}`, since);
  return waits;
}

function claimText(claim: Claim): string {
  return `${claim.owner} ${claim.type} ${claim.value} ${claim.state}`;
}
