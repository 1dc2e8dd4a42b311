const most = 10_000;

/**
 * Policies that got rules from this process and were not seen ACTIVE with them yet: lists do not show that a rule was refused, so theirs
 * are read. Losing it costs time: the rotating slice comes by within the hour.
 */
export class FreshPolicies {
  readonly #ids = new Set<string>();

  add(policy: string): void {
    this.#ids.add(policy);
    // one that went before it was seen stays here: the oldest makes room
    const [oldest] = this.#ids;
    if (this.#ids.size > most && oldest !== undefined) this.#ids.delete(oldest);
  }

  has(policy: string): boolean {
    return this.#ids.has(policy);
  }

  /** Once its rules are all in effect there is nothing to watch. */
  seen(policy: string, rules: readonly { readonly provisioning_status: string }[]): void {
    if (rules.every((rule) => rule.provisioning_status === 'ACTIVE')) this.#ids.delete(policy);
  }
}
