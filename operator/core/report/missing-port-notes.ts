import type { NodeAccessIntent, SeenNodeAccess } from '../model/node-access.ts';
import type { EventNote } from '../model/report.ts';

/** What a Node is told whose machine is not found in the cloud, where somebody is to reach it. */
export function missingPortNotes(
  { nodes, sources, services, group }: NodeAccessIntent,
  { missing }: SeenNodeAccess,
): readonly EventNote[] {
  if (group === 'off' || sources.length + services.length === 0) return [];
  return nodes
    .filter(({ name }) => missing.includes(name))
    .map(({ name, uid }) => ({
      kind: 'Node',
      namespace: 'default',
      name,
      uid,
      type: 'Warning',
      reason: 'CloudResourceNotFound',
      message:
        "No Neutron port of the operator's project has an InternalIP of this node, so nothing is let in to its node ports. Run the operator with credentials of the node's project, or open them by hand.",
    }));
}
