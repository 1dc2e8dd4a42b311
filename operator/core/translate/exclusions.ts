import { type Atom, atomText, inverted } from './atoms.ts';
import { allImply, allImplyAll, implies, satisfiable } from './implication.ts';

/** More policies than this for one unit are not made (api.md §8.2). */
const mostPolicies = 8;
/** Octavia takes no more rules in one policy. */
const mostRules = 50;
/** Where counting stops: later exclusions can merge policies again, but not this many. */
const mostOnTheWay = 64;

/**
 * HAProxy evaluates every rejection before every redirect before every forward, whatever the positions say. So a unit that
 * must come after others of a later class excludes them: its policies, each a list of atoms, together match what the unit
 * matches and none of the blockers does. None: the blockers take all of it. undefined: beyond the limit.
 */
export function excluding(
  unit: readonly Atom[],
  blockers: readonly (readonly Atom[])[],
): readonly (readonly Atom[])[] | undefined {
  const residuals = widest(unit, blockers)
    .map((blocker) => blocker.filter((atom) => !allImply(unit, atom)))
    // those that split nothing come first, so that others find their exclusion done
    .toSorted((a, b) => a.length - b.length);
  let policies: readonly Policy[] = [[]];
  for (const residual of residuals) {
    policies = minimal(policies.flatMap((policy) => split({ unit, policy, residual })));
    if (policies.length > mostOnTheWay) return undefined;
  }
  const full = policies.map((exclusions) => [...unit, ...exclusions.toSorted(byText)]);
  if (full.length > mostPolicies || full.some((policy) => policy.length > mostRules)) return undefined;
  return full.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

/** The exclusions of one policy; each is distinct. */
type Policy = readonly Atom[];

/** Blockers that share requests with the unit and of whose share no other blocker takes the whole. */
function widest(unit: readonly Atom[], blockers: readonly (readonly Atom[])[]): readonly (readonly Atom[])[] {
  const kept: (readonly Atom[])[] = [];
  for (const blocker of blockers) {
    if (!satisfiable(unit, blocker)) continue;
    const within = (narrow: readonly Atom[], wide: readonly Atom[]): boolean => allImplyAll([...unit, ...narrow], wide);
    if (kept.some((other) => within(blocker, other))) continue;
    const rest = kept.filter((other) => !within(other, blocker));
    kept.splice(0, kept.length, ...rest, blocker);
  }
  return kept;
}

/** A policy that excludes the blocker already stays; any other becomes one policy for each way not to be the blocker. */
function split(of: {
  readonly unit: readonly Atom[];
  readonly policy: Policy;
  readonly residual: readonly Atom[];
}): readonly Policy[] {
  const { unit, policy, residual } = of;
  const all = [...unit, ...policy];
  if (residual.some((atom) => allImply(all, inverted(atom)))) return [policy];
  return residual
    .filter((atom) => !allImply(all, atom)) // not to be what it is anyway: nothing would be left
    .map((atom) => withExclusion(policy, inverted(atom)));
}

/** Exclusions that follow from the new one are dropped. */
function withExclusion(policy: Policy, exclusion: Atom): Policy {
  return [...policy.filter((other) => !implies(exclusion, other)), exclusion];
}

/** Without the policies whose requests another one matches too. */
function minimal(policies: readonly Policy[]): readonly Policy[] {
  const kept: Policy[] = [];
  for (const policy of policies) {
    if (kept.some((other) => allImplyAll(policy, other))) continue;
    const rest = kept.filter((other) => !allImplyAll(other, policy));
    kept.splice(0, kept.length, ...rest, policy);
  }
  return kept;
}

function byText(a: Atom, b: Atom): number {
  return atomText(a) < atomText(b) ? -1 : 1;
}

function textOf(atoms: readonly Atom[]): string {
  return atoms.map(atomText).join(' & ');
}
