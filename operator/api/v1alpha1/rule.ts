import { z } from 'zod';

/**
 * One constraint told twice, side by side: to the API server as CEL, and to the operator as a function. An object stored before
 * a rule existed, or by an API server that did not evaluate it, is refused by the operator with the same sentence.
 */
export interface Rule<Self> {
  /** CEL over `self`, the value after defaulting. */
  readonly cel: string;
  /** One sentence that names the field and the fix; users read it in `kubectl apply`. */
  readonly message: string;
  /** The same as `cel`. Also runs when a field further inside is wrong, so it must not throw on odd strings. */
  readonly holds: (self: Self) => boolean;
}

/** A constraint between the stored object and its successor. Only the API server sees both, so there is nothing to run here. */
export interface TransitionRule {
  /** CEL over `self` and `oldSelf`. */
  readonly cel: string;
  readonly message: string;
}

export function ruled<Schema extends z.ZodType>(schema: Schema, ...rules: readonly Rule<z.output<Schema>>[]): Schema {
  const refined = rules.reduce((so, rule) => so.refine(rule.holds, { error: rule.message }), schema);
  return withValidations(refined, rules);
}

export function transition<Schema extends z.ZodType>(schema: Schema, ...rules: readonly TransitionRule[]): Schema {
  return withValidations(schema, rules);
}

/** A string that has to match a pattern. The pattern has to mean the same in RE2 and in JavaScript, and hold no quote. */
export function matching(pattern: RegExp, message: string): Rule<string> {
  return { cel: celMatch('self', pattern), message, holds: (text) => pattern.test(text) };
}

/** The same as part of a longer rule. CEL's raw strings need no escaped slash. */
export function celMatch(value: string, pattern: RegExp): string {
  return `${value}.matches(r'${pattern.source.replaceAll('\\/', '/')}')`;
}

function withValidations<Schema extends z.ZodType>(schema: Schema, rules: readonly TransitionRule[]): Schema {
  const earlier = z.globalRegistry.get(schema)?.[VALIDATIONS];
  const validations = rules.map(({ cel, message }) => ({ rule: cel, message }));
  return schema.meta({ [VALIDATIONS]: [...(Array.isArray(earlier) ? earlier : []), ...validations] });
}

const VALIDATIONS = 'x-kubernetes-validations';
