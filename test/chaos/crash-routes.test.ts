import { hostRoute, list, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { crashCase, type Kubectl } from './support/crash-case.ts';

/** Bring-ups of a SharedBalancer and its routes, each with the operator killed at another write. */

const hosts = ['one', 'two'];

async function applyRoutes(kubectl: Kubectl): Promise<void> {
  const of = { namespace: 'team-a', balancer: 'public', balancerNamespace: 'edge' };
  const services = hosts.map((name, at) => nodePortService({ namespace: 'team-a', name, nodePort: 30_081 + at }));
  const routes = hosts.map((name) => hostRoute({ ...of, name, host: `${name}.example.com`, service: name }));
  const balancer = sharedBalancer({ namespace: 'edge', name: 'public' });
  await kubectl(['apply', '-f', '-'], list([...services, ...routes, balancer]));
}

async function routesReady(kubectl: Kubectl): Promise<void> {
  await kubectl(['wait', 'sbal/public', '-n', 'edge', '--for=condition=Ready', '--timeout=240s']);
  await kubectl(['wait', 'svcr', '--all', '-n', 'team-a', '--for=condition=Ready', '--timeout=240s']);
}

async function removeRoutes(kubectl: Kubectl): Promise<void> {
  await kubectl(['delete', 'svcr', '--all', '-n', 'team-a']);
  await kubectl(['delete', 'sbal', 'public', '-n', 'edge', '--timeout=240s']);
}

crashCase('killed at every single write of a bring-up, the next process ends in the same tree and leaks nothing', {
  writes: 7,
  life: (kubectl) => ({
    apply: () => applyRoutes(kubectl),
    ready: () => routesReady(kubectl),
    remove: () => removeRoutes(kubectl),
  }),
});
