import type { Uid } from '../model/brand.ts';
import type { Atom } from './atoms.ts';
import { excluding } from './exclusions.ts';
import { heldUnit, isProgrammed, type L7Unit, type StandingUnit, type WantedUnit } from './l7-units.ts';
import { satisfiable } from './implication.ts';
import { Neighbours } from './neighbours.ts';

/** What can be served, and what cannot. */
export interface Served {
  /** In the order of precedence; with the atoms of each of its policies, none when more specific units take all of it. */
  readonly units: readonly ServedUnit[];
  readonly standing: readonly StandingUnit[];
  /** They need too many exclusions, or others need too many for their sake, and they came last. */
  readonly refused: readonly WantedUnit[];
  /** Rules of which what is programmed stays, although something else is asked for. */
  readonly held: readonly { readonly owner: Uid; readonly rule: string }[];
}

export interface ServedUnit {
  readonly unit: WantedUnit;
  readonly policies: readonly (readonly Atom[])[];
}

/**
 * Gives each unit its policies. Where one would need too many, the newest of it and its blockers that is not programmed
 * yet gives way. When all of them are, a deletion elsewhere made the number grow: then the unit keeps what it has, which
 * excludes too much and never too little, so that a deletion displaces nobody. Units come in the order of precedence.
 */
export function serve(all: readonly L7Unit[]): Served {
  const refused: WantedUnit[] = [];
  const held: { readonly owner: Uid; readonly rule: string }[] = [];
  for (let units = all; ; ) {
    const { served, excess } = attempt(units);
    if (excess === undefined) return { units: served, standing: units.filter(isStanding), refused, held };
    const out = newest(excess.all) ?? excess.unit;
    if (out.standing.length === 0) {
      refused.push(out);
      units = units.filter((unit) => unit !== out);
    } else {
      held.push({ owner: out.unit.owner, rule: out.unit.rule });
      // as a whole: its other units keep what they have too
      units = units.flatMap((unit): readonly L7Unit[] =>
        isWanted(unit) && sameRule(unit, out) ? heldUnit(unit) : [unit],
      );
    }
  }
}

interface Excess {
  readonly unit: WantedUnit;
  /** The unit and those it has to exclude. */
  readonly all: readonly L7Unit[];
}

function attempt(units: readonly L7Unit[]): {
  readonly served: readonly ServedUnit[];
  readonly excess: Excess | undefined;
} {
  const served: ServedUnit[] = [];
  const earlier = new Neighbours();
  for (const unit of units) {
    if (isWanted(unit)) {
      const blockers = earlier.of(unit).filter((other) => blocks(other, unit));
      const policies = excluding(
        unit.atoms,
        blockers.map((blocker) => blocker.atoms),
      );
      if (policies === undefined) return { served, excess: { unit, all: [unit, ...blockers] } };
      served.push({ unit, policies });
    }
    earlier.add(unit);
  }
  return { served, excess: undefined };
}

/** The earlier one is more specific, and HAProxy would ask it later. */
function blocks(earlier: L7Unit, unit: WantedUnit): boolean {
  return earlier.class > unit.class && earlier.listener === unit.listener && satisfiable(earlier.atoms, unit.atoms);
}

/** The one that came last, of those that nothing would be taken from. */
function newest(units: readonly L7Unit[]): WantedUnit | undefined {
  return units
    .filter(isWanted)
    .filter((unit) => !isProgrammed(unit))
    .toSorted(byAge)
    .at(-1);
}

function byAge(a: WantedUnit, b: WantedUnit): number {
  return (
    a.claimed - b.claimed || a.route.source.createdAt - b.route.source.createdAt || (ageText(a) < ageText(b) ? -1 : 1)
  );
}

function ageText({ source, route, text }: WantedUnit): string {
  return `${source} ${route.source.uid} ${text}`;
}

function isWanted(unit: L7Unit): unit is WantedUnit {
  return unit.kind === 'wanted';
}

function isStanding(unit: L7Unit): unit is StandingUnit {
  return unit.kind === 'standing';
}

function sameRule(a: WantedUnit, b: WantedUnit): boolean {
  return a.unit.owner === b.unit.owner && a.unit.rule === b.unit.rule;
}
