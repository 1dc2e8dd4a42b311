import { waitFor } from '../../kubernetes/wait.ts';
import type { Manifest } from '../../support/manifests.ts';
import { allReady } from '../../support/settled.ts';
import type { World } from './world.ts';

/** The objects that the suites apply: routes of a team on a balancer of the platform team. */

export function route(name: string, spec: Manifest, balancer = 'public'): Manifest {
  return {
    apiVersion: 'octopool.dev/v1alpha1',
    kind: 'ServiceRoute',
    metadata: { name, namespace: 'team-a' },
    spec: { balancerRef: { name: balancer, namespace: 'edge' }, ...spec },
  };
}

export function forward(...services: readonly string[]): Manifest {
  return { type: 'Forward', backends: services.map((service) => ({ service, port: 80 })) };
}

/** A Service of the team whose node port is known, so that an answer tells which Service it came from. */
export function service(
  name: string,
  nodePort: number,
  of: { readonly protocol?: 'TCP' | 'UDP' | 'SCTP'; readonly namespace?: string } = {},
): Manifest {
  const { protocol = 'TCP', namespace = 'team-a' } = of;
  const ports = [{ port: 80, targetPort: 8080, protocol, nodePort }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { type: 'NodePort', selector: { app: name }, ports },
  };
}

/** Until everything reads Ready as it is written now. */
export function programmed({ cluster }: World): Promise<true> {
  return waitFor('everything is Ready', 300, async () => ((await allReady(cluster)) ? true : undefined));
}

/** `<type>` of an object's conditions as `<status> <reason>`; empty when it has none of that type. */
export async function condition({ cluster }: World, object: readonly string[], type: string): Promise<string> {
  const path = `{range .status.conditions[?(@.type=="${type}")]}{.status} {.reason}{end}`;
  return cluster.kubectl(['get', ...object, '-o', `jsonpath=${path}`]);
}

export async function addressOf({ cluster }: World, name = 'public'): Promise<string> {
  return waitFor(`the address of ${name}`, 240, async () => {
    const address = await cluster.kubectl(['get', 'sbal', name, '-n', 'edge', '-o', 'jsonpath={.status.address}']);
    return address === '' ? undefined : address;
  });
}

export function loadBalancerOf({ cluster }: World, name = 'public'): Promise<string> {
  return cluster.kubectl(['get', 'sbal', name, '-n', 'edge', '-o', 'jsonpath={.status.loadBalancerID}']);
}
