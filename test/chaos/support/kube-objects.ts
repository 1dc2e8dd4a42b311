import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { hostRoute, nodePortService } from '../../support/manifests.ts';

/** Objects as these tests read and write them: by requests of their own, because a kubectl for every look would need a core. */

export interface Told {
  readonly metadata: { readonly name: string; readonly generation: number; readonly resourceVersion: string };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

type Request = Pick<ControlPlane, 'request'>;

const ours = '/apis/octopool.dev/v1alpha1';
const teamRoutes = `${ours}/namespaces/team-a/serviceroutes`;
const teamServices = '/api/v1/namespaces/team-a/services';
export const publicBalancer = `${ours}/namespaces/edge/sharedbalancers/public`;
export const routePath = (name: string): string => `${teamRoutes}/${name}`;

export async function read({ request }: Request, path: string): Promise<Told> {
  return (await expectStatus(request('GET', path), 200)) as Told;
}

/** All SharedBalancers and ServiceRoutes. */
export async function readAll({ request }: Request): Promise<readonly Told[]> {
  const lists = await Promise.all(
    ['sharedbalancers', 'serviceroutes'].map((plural) => expectStatus(request('GET', `${ours}/${plural}`), 200)),
  );
  return lists.flatMap((list) => (list as { readonly items: readonly Told[] }).items);
}

/** With its Service. */
export async function createRoute({ request }: Request, name: string): Promise<void> {
  const of = { namespace: 'team-a', name, service: name, host: `${name}.example.com` };
  await expectStatus(request('POST', teamServices, nodePortService(of)), 201);
  const route = hostRoute({ ...of, balancer: 'public', balancerNamespace: 'edge' });
  await expectStatus(request('POST', teamRoutes, route), 201);
}

/** With its Service. */
export async function deleteRoute({ request }: Request, name: string): Promise<void> {
  await expectStatus(request('DELETE', routePath(name)), 200);
  await expectStatus(request('DELETE', `${teamServices}/${name}`), 200);
}

/** Of what the operator writes to at the same time: on its newest version. */
export async function changeSpec({ request }: Request, path: string, change: object): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const object = await read({ request }, path);
    const { status, body } = await request('PUT', path, { ...object, spec: { ...object.spec, ...change } });
    if (status === 200) return;
    if (status !== 409 || tries === 20) throw new Error(`${status}: ${JSON.stringify(body)}`);
  }
}

/** The status of the condition Ready, if it is about the object as it is now. */
export function readyOf({ metadata, status }: Told): { readonly status: string; readonly reason: string } | undefined {
  if (status?.observedGeneration !== metadata.generation) return undefined;
  return status.conditions?.find(({ type }) => type === 'Ready');
}

async function expectStatus(asked: ReturnType<ControlPlane['request']>, status: number): Promise<unknown> {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
