import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a scrape of /metrics finds; labels are bounded: no name of a tenant stands in them. */
export interface Metrics {
  readonly registry: Registry;
  passBegan(): void;
  passEnded(outcome: string, seconds: number): void;
  written(kind: string): void;
  leads(state: 'leader' | 'standby'): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const passes = new Counter({
    name: 'octopool_passes_total',
    help: 'Passes over one balancer, by how they ended',
    labelNames: ['outcome'],
    registers,
  });
  const running = new Gauge({
    name: 'octopool_passes_running',
    help: 'Passes that run now; 0: nothing is being done or waited for',
    registers,
  });
  const duration = new Histogram({
    name: 'octopool_pass_seconds',
    help: 'Length of a pass over one balancer',
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  const writes = new Counter({
    name: 'octopool_cloud_writes_total',
    help: 'Writes that the cloud accepted, by kind',
    labelNames: ['kind'],
    registers,
  });
  const leader = new Gauge({ name: 'octopool_leader', help: '1 while this process holds the lease', registers });
  return {
    registry,
    passBegan: () => running.inc(),
    passEnded: (outcome, seconds) => {
      running.dec();
      passes.inc({ outcome });
      duration.observe(seconds);
    },
    written: (kind) => writes.inc({ kind }),
    leads: (state) => leader.set(state === 'leader' ? 1 : 0),
  };
}
