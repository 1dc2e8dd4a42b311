import type { DefaultBackendIntent } from '../model/intents.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { BalancerObject, Snapshot } from '../model/snapshot.ts';
import type { BackendWords } from './backends.ts';
import { poolIntent } from './pool-intent.ts';

const wordsOfListener: BackendWords = {
  service: 'defaultBackend.service',
  port: 'defaultBackend.port',
  podIP: 'set defaults.backendPolicy.targetType to PodIP',
};

/** The pools of the platform team for requests that no route asked for; their Services stand in the balancer's namespace. */
export function defaultBackends(
  { meta, spec }: BalancerObject & { readonly spec: BalancerSpec },
  snapshot: Snapshot,
): readonly DefaultBackendIntent[] {
  return spec.listeners.flatMap(({ name, protocol, defaultBackend }): readonly DefaultBackendIntent[] => {
    if (defaultBackend === undefined || protocol === 'Prometheus') return [];
    const { pool, problem } = poolIntent({
      backends: [{ ...defaultBackend, weight: 1, role: 'Active' }],
      namespace: meta.namespace,
      kind: 'HTTP',
      own: [],
      defaults: spec.defaults,
      snapshot,
      words: wordsOfListener,
    });
    const told =
      problem === undefined
        ? undefined
        : { reason: problem.reason, message: `Listener ${name}, defaultBackend: ${problem.message}` };
    return [{ listener: name, pool, problem: told }];
  });
}
