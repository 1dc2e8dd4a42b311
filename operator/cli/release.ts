import type { Uid } from '../core/model/brand.ts';
import type { ReleaseConfig } from '../config.ts';

/** What `release` needs of the cluster; main hands it in. */
export interface Releasing {
  /** Who leads, and whether anybody does. */
  lease(): Promise<{ readonly kind: 'held'; readonly by: string } | { readonly kind: 'free' | 'absent' }>;
  /** SharedBalancers, and Services of which a load balancer of their own is ours. */
  balancers(): Promise<readonly ReleasableBalancer[]>;
  /** Takes our finalizer off and leaves all others. */
  letGo(balancer: ReleasableBalancer): Promise<void>;
  close(): Promise<void>;
}

/** What a load balancer is there for. */
export interface ReleasableBalancer {
  readonly kind: 'SharedBalancer' | 'Service';
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly holdsFinalizer: boolean;
  readonly deleting: boolean;
  /** Its id, or where it answers; undefined: none was made. */
  readonly loadBalancer: string | undefined;
}

/** Where the lines go: what was done, and what went wrong. */
export interface Output {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** `octopool release`. Resolves with the exit code; one balancer that cannot be released does not keep the others. */
export async function release(config: ReleaseConfig, cluster: Releasing, { say, complain }: Output): Promise<number> {
  if (config.whileRunning === 'refuse') {
    const lease = await cluster.lease();
    if (lease.kind === 'held') {
      complain(
        `octopool: the operator ${lease.by} runs and would put the finalizers on again; scale its Deployment to 0 first, or use --force.`,
      );
      return 1;
    }
    if (lease.kind === 'absent')
      say(
        `there is no Lease in namespace ${config.namespace}; an operator of another namespace is named by --namespace`,
      );
  }
  const counts = { released: 0, failed: 0 };
  const balancers = await cluster.balancers();
  for (const balancer of balancers) {
    const name = nameOf(balancer);
    try {
      if (balancer.holdsFinalizer) {
        await cluster.letGo(balancer);
        counts.released += 1;
      }
      say(`${name}: ${outcome(balancer)}`);
    } catch (error) {
      counts.failed += 1;
      complain(`${name}: not released: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const services = balancers.filter(({ kind }) => kind === 'Service').length;
  say(
    `${balancers.length - services} SharedBalancers and ${services} Services with their own load balancer, ${counts.released} released, ${counts.failed} failed`,
  );
  return counts.failed === 0 ? 0 : 1;
}

function nameOf({ kind, namespace, name }: ReleasableBalancer): string {
  return kind === 'Service' ? `Service ${namespace}/${name}` : `${namespace}/${name}`;
}

function outcome({ holdsFinalizer, deleting, loadBalancer }: ReleasableBalancer): string {
  if (!holdsFinalizer) return 'holds no finalizer of Octopool';
  const cloud = loadBalancer === undefined ? 'it has no load balancer' : `load balancer ${loadBalancer} stays as it is`;
  return deleting ? `released, and its deletion goes on; ${cloud}` : `released; ${cloud}`;
}
