/** Under whose name server-side apply keeps what we say: one for each kind, and one for the part that the pass over the nodes says. */
export const fieldManagers = {
  SharedBalancer: 'octopool-sharedbalancer',
  ServiceRoute: 'octopool-serviceroute',
  Service: 'octopool-service',
  Ingress: 'octopool-ingress',
  nodes: 'octopool-nodes',
} as const;
