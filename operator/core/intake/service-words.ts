import type { Problem } from '../model/reason.ts';
import type { BackendWords } from './backends.ts';

/** What is wrong with the pool of a Service that is served as it is, in words of its own: its owner wrote no route. */
export const wordsOfService: BackendWords = {
  service: 'the Service',
  port: 'its ports',
  podIP: 'send to Pods by the annotation octopool.dev/target-type: PodIP',
  probe:
    'Annotations loadbalancer.openstack.org/health-monitor-timeout and loadbalancer.openstack.org/health-monitor-delay: a probe must not last longer than the time between two, which is 5s where nobody says otherwise. Set both.',
};

export function inWordsOfService(problem: Problem | undefined, port: number): Problem | undefined {
  if (problem?.reason !== 'NoNodePort') return problem;
  return {
    reason: 'NoNodePort',
    message: `Port ${port} has no node port. Set allocateLoadBalancerNodePorts, or ${wordsOfService.podIP}.`,
  };
}
