import type { Answer, Request, Routes, ServiceName } from './http.ts';
import { floatingIpRoutes } from './neutron/floating-ips.ts';
import { networkRoutes } from './neutron/networks.ts';
import { portRoutes } from './neutron/ports.ts';
import { neutronQuotaRoutes } from './neutron/quotas.ts';
import { routerRoutes } from './neutron/routers.ts';
import { securityGroupRoutes } from './neutron/security-groups.ts';
import { amphoraRoutes } from './octavia/amphorae.ts';
import { catalogRoutes } from './octavia/catalogs.ts';
import { healthMonitorRoutes } from './octavia/health-monitors.ts';
import { l7PolicyRoutes } from './octavia/l7-policies.ts';
import { l7RuleRoutes } from './octavia/l7-rules.ts';
import { listenerRoutes } from './octavia/listeners.ts';
import { loadBalancerRoutes } from './octavia/load-balancers.ts';
import { memberRoutes } from './octavia/members.ts';
import { poolRoutes } from './octavia/pools.ts';
import { quotaRoutes } from './octavia/quotas.ts';
import { Refusal } from './refusal.ts';
import { Router } from './router.ts';
import type { Roots } from './server.ts';
import { versions } from './versions.ts';
import type { World } from './world.ts';

export type Serve = (request: Request, roots: Roots) => Answer;

/** All services behind one function: a request in, an answer out, at one instant. */
export function services(world: World): Serve {
  const { octavia, neutron, secrets, identity } = world;
  const routers: Readonly<Record<ServiceName, Router>> = {
    keystone: new Router({}),
    octavia: new Router(octaviaRoutes(world)),
    neutron: new Router({
      ...networkRoutes(neutron),
      ...portRoutes(neutron),
      ...floatingIpRoutes(neutron),
      ...routerRoutes(neutron),
      ...securityGroupRoutes(neutron),
      ...neutronQuotaRoutes(neutron),
    }),
    barbican: new Router(secrets.routes),
  };
  return (request, roots) => {
    octavia.cycles.settle();
    try {
      if (request.service === 'keystone' && request.method === 'POST' && request.path === '/v3/auth/tokens')
        return identity.issue(request, roots);
      const known = versions(request);
      if (known !== undefined) return known;
      const token = identity.check(String(request.headers['x-auth-token'] ?? ''));
      const found = routers[request.service].find(request);
      if (found === undefined) return { status: 404, body: { code: 404, title: 'Not Found', description: '' } };
      return found.handler({ ...request, token }, found.ids);
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: error.body };
      throw error;
    }
  };
}

function octaviaRoutes({ octavia }: World): Routes {
  return {
    ...loadBalancerRoutes(octavia),
    ...listenerRoutes(octavia),
    ...poolRoutes(octavia),
    ...memberRoutes(octavia),
    ...healthMonitorRoutes(octavia),
    ...l7PolicyRoutes(octavia),
    ...l7RuleRoutes(octavia),
    ...amphoraRoutes(octavia),
    ...catalogRoutes(octavia),
    ...quotaRoutes(octavia.quotas),
  };
}
