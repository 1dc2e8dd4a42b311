/** What is ours on objects that are not ours begins with this: conditions, and errors of ports. */
export const ownPrefix = 'octopool.dev/';

/** The condition that the pass over the nodes writes, under a field manager of its own. */
export const nodePortReachable = `${ownPrefix}NodePortReachable`;

/** core/v1 PortStatus.error */
export function portError(reason: string): string {
  return `${ownPrefix}${reason}`;
}
