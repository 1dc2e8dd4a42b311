import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';

/** Nodes without kubelets: what a test needs where the address of a node, and not its Pods, matters. */
export async function registerNode(
  controlPlane: ControlPlane,
  { name, ip }: { readonly name: string; readonly ip: string },
): Promise<void> {
  await controlPlane.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name } }),
  );
  const at = '2026-01-01T00:00:00Z';
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Test',
    message: '',
    lastTransitionTime: at,
    lastHeartbeatTime: at,
  };
  const status = { addresses: [{ type: 'InternalIP', address: ip }], conditions: [ready] };
  await controlPlane.kubectl([
    'patch',
    'node',
    name,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);
}
