import { expect } from '@jest/globals';
import { crashCase, type Kubectl } from './support/crash-case.ts';
import { cleanupFinalizer, dedicated } from './support/plain-services.ts';

/** Bring-ups of a Service with a load balancer of its own, each with the operator killed at another write. */

const web = ['svc/web', '-n', 'team-a'];

async function applyService(kubectl: Kubectl): Promise<void> {
  const ports = [
    { name: 'http', port: 80, nodePort: 30_180 },
    { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30_153 },
  ];
  const spec = { type: 'LoadBalancer', loadBalancerClass: dedicated, ports };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'team-a' }, spec };
  await kubectl(['apply', '-f', '-'], JSON.stringify(service));
}

async function serviceReady(kubectl: Kubectl): Promise<void> {
  await kubectl(['wait', ...web, '--for=condition=octopool.dev/Programmed', '--timeout=240s']);
  const address = '{.status.loadBalancer.ingress[0].ip}';
  await kubectl(['wait', ...web, `--for=jsonpath=${address}`, '--timeout=240s']);
  const finalizers = await kubectl(['get', ...web, '-o', 'jsonpath={.metadata.finalizers}']);
  expect(finalizers).toBe(JSON.stringify([cleanupFinalizer]));
}

async function removeService(kubectl: Kubectl): Promise<void> {
  await kubectl(['delete', ...web, '--timeout=50s']);
}

crashCase(
  'killed at every single write of a Service with a load balancer of its own, the next process ends in the same tree and leaks nothing',
  {
    writes: 8,
    life: (kubectl) => ({
      apply: () => applyService(kubectl),
      ready: () => serviceReady(kubectl),
      remove: () => removeService(kubectl),
    }),
  },
);
