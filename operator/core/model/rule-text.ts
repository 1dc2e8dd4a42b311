/** The regular expressions that hostnames and paths become. Intake must know how long they are, translate writes them. */

/** Octavia's limit for the value of a rule. */
export const longestRuleValue = 255;

/** The raw Host header may carry any port, on every listener. */
const anyPort = '(:[0-9]+)?$';

export function exactHostRegex(hostname: string): string {
  return `^${literally(hostname)}${anyPort}`;
}

/** All names below a domain, at any depth. */
export function subdomainsRegex(domain: string): string {
  return `\\.${literally(domain)}${anyPort}`;
}

/** Names one label below a domain. */
export function oneLabelRegex(domain: string): string {
  return `^[^.]+\\.${literally(domain)}${anyPort}`;
}

/** `/p` and what is below it, but not `/px`, which a plain prefix would match too. */
export function pathPrefixRegex(prefix: string): string {
  return `^${literally(prefix)}(/|$)`;
}

export function fileTypesRegex(types: readonly string[]): string {
  return `\\.(${types.join('|')})$`;
}

/** Of the characters that the allowlists let through, these mean something in a regular expression. */
function literally(text: string): string {
  return text.replaceAll(/[.*+$?()[\]{}|^\\]/g, String.raw`\$&`);
}
