import type { Verdict } from '../model/verdict.ts';
import { satisfiable } from './implication.ts';
import type { L7Unit, StandingUnit, WantedUnit } from './l7-units.ts';
import { Neighbours } from './neighbours.ts';
import { comparePrecedence, specificity } from './precedence.ts';

/**
 * Units that are more specific than a redirect or rejection which is held, and that HAProxy asks after it all the same: what is held gets no
 * exclusions, so it takes requests of theirs. They are programmed, and in effect when it is held no more.
 */
export function shadowed(
  units: readonly WantedUnit[],
  standing: readonly StandingUnit[],
): readonly Pick<Verdict, 'owner' | 'rule'>[] {
  const held = new Neighbours();
  for (const unit of standing) held.add(asAsked(unit));
  return units.filter((unit) => held.of(unit).some((other) => takesFrom(other, unit))).map(({ unit }) => unit);
}

/** Its exclusions, which only narrow it, say nothing about how specific it was meant. */
function asAsked(unit: StandingUnit): StandingUnit {
  return { ...unit, specificity: specificity(unit.atoms.filter(({ invert }) => !invert)) };
}

function takesFrom(held: L7Unit, unit: WantedUnit): boolean {
  return (
    held.class < unit.class &&
    held.listener === unit.listener &&
    comparePrecedence(unit, held) < 0 &&
    satisfiable(unit.atoms, held.atoms)
  );
}
