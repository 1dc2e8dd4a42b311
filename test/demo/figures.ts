/** build/demo.json: what one run of the demo measured. `writes`, `reads`: calls to Octavia, as its own access log has them. */
export interface Figures {
  readonly kubernetes: string;
  readonly octavia: string;
  readonly services: number;
  readonly loadBalancers: number;
  readonly bringUp: {
    readonly loadBalancerCreates: number;
    readonly otherWrites: number;
    readonly reads: number;
    readonly neutronWrites: number;
    readonly seconds: number;
  };
  readonly answered: number;
  readonly addRoute: { readonly writes: number; readonly reads: number };
  readonly deleteRoute: { readonly writes: number };
  readonly removeNode: { readonly writes: number; readonly poolsChanged: number };
  readonly failover: { readonly addressKept: boolean; readonly outageSeconds: number };
  readonly restart: { readonly writes: number; readonly reads: number };
  /** What a cluster already has: whether each was answered, by a real request. */
  readonly plain: {
    readonly internal: boolean;
    readonly nodePort: boolean;
    readonly ingressHosts: boolean;
    readonly pooled: boolean;
  };
}
