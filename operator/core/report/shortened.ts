/** Most that a message has, as api.md §4.3 says and the schema of ServiceRoute.status holds. */
const longest = 1024;

/** A longer one would be refused with all of the status that it stands in. */
export function shortened(message: string): string {
  if (message.length <= longest) return message;
  const cut = message.slice(0, longest - 1);
  // half of a pair of surrogates is no text
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
