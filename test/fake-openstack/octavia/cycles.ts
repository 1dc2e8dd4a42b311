import { type FakeClock, octaviaTime } from '../clock.ts';
import type { Switches } from '../switches.ts';
import { octaviaRefusal } from '../refusal.ts';
import { operatingStatuses } from './operating.ts';
import { type Child, type L7Policy, type LoadBalancer, type Pool, resourceNames } from './records.ts';
import type { Tables } from './tables.ts';

/** One accepted write, which the worker now carries out. */
export interface Change {
  readonly balancer: LoadBalancer;
  /** `listener.create`, `member.batch`, ... Delays and outcomes go by it. */
  readonly kind: string;
  /** Records that it is about; they are PENDING_* because of it. */
  readonly subjects: readonly Child[];
  /** Records above them, which are shown busy too. */
  readonly above?: readonly Child[];
  /** Octavia never comes back from this one. */
  readonly stuck?: boolean;
  /** Beyond the statuses; before they change. */
  readonly carryOut?: () => void;
}

/** How the worker fares with a change; a test sets it for changes to come. */
export interface Outcome {
  /** Id or name; undefined: any. */
  readonly balancer?: string | undefined;
  /** Beginning of the change's kind: `listener`, `loadbalancer.create`. */
  readonly kind?: string | undefined;
  readonly times: number;
  /**
   * `failed`: an amphora refuses: the subjects are ERROR, and so are all listeners but those above the subjects; the balancer is ACTIVE.
   * `balancer-error`: the balancer itself is ERROR. `stuck`: PENDING_* for ever. `child-error`: only subjects whose name matches `names`
   * are ERROR (rules: whose value does).
   */
  readonly outcome: 'failed' | 'balancer-error' | 'stuck' | 'child-error';
  readonly names?: string | undefined;
}

interface Running extends Change {
  readonly due: number;
  readonly outcome: Outcome | undefined;
}

/** A load balancer takes one change at a time: this is the engine that makes it wait, and ends the waiting. */
export class Cycles {
  readonly #tables: Tables;
  readonly #clock: FakeClock;
  readonly #switches: Switches;
  readonly #running = new Map<string, Running>();
  #outcomes: readonly Outcome[] = [];
  /** More milliseconds for one balancer's changes, by its id or name. */
  readonly extraDelays = new Map<string, number>();
  /** Whether a balancer cannot even be rendered: a certificate that a listener names is gone. An update of a listener was seen to pass. */
  wedged: (balancer: LoadBalancer) => boolean = () => false;

  constructor(of: { readonly tables: Tables; readonly clock: FakeClock; readonly switches: Switches }) {
    this.#tables = of.tables;
    this.#clock = of.clock;
    this.#switches = of.switches;
  }

  now(): string {
    return octaviaTime(this.#clock.now());
  }

  expect(outcome: Outcome): void {
    this.#outcomes = [...this.#outcomes, outcome];
  }

  forgetOutcomes(): void {
    this.#outcomes = [];
  }

  /** The statuses of what is touched are set already by whoever made the change. */
  begin(change: Change): void {
    const { balancer, kind } = change;
    if (!kind.startsWith('loadbalancer.')) this.#tables.change(balancer, { provisioning_status: 'PENDING_UPDATE' });
    const outcome = this.#takeOutcome(balancer, kind);
    if (change.stuck === true || outcome?.outcome === 'stuck' || (kind !== 'listener.update' && this.wedged(balancer)))
      return;
    const extra = this.extraDelays.get(balancer.id) ?? this.extraDelays.get(balancer.name) ?? 0;
    const delay = this.#delay(kind) + extra;
    this.#running.set(balancer.id, { ...change, outcome, due: this.#clock.now() + delay });
  }

  /** Brings everything about that is due by now. */
  settle(): void {
    if (this.#running.size === 0) return;
    const now = this.#clock.now();
    const due = [...this.#running.values()].filter((one) => one.due <= now).toSorted((a, b) => a.due - b.due);
    for (const one of due) {
      this.#running.delete(one.balancer.id);
      if (this.#tables.loadbalancer.get(one.balancer.id) !== undefined) this.#end(one);
    }
  }

  /** As if the worker had died with it. */
  abandon(balancerId: string): void {
    this.#running.delete(balancerId);
  }

  get busy(): number {
    return this.#running.size;
  }

  #end(running: Running): void {
    const { balancer, kind, subjects, above = [], outcome } = running;
    const poisoned = kind !== 'loadbalancer.delete' && this.#poisoned(balancer);
    const failed = poisoned || outcome?.outcome === 'failed' || outcome?.outcome === 'balancer-error';
    if (failed) return this.#fail(running);
    running.carryOut?.();
    const names = outcome?.outcome === 'child-error' ? new RegExp(outcome.names ?? '') : undefined;
    for (const one of [...subjects, ...above]) {
      if (one.provisioning_status === 'PENDING_DELETE') this.#tables.remove(one);
      else this.#set(one, names?.test(one.kind === 'l7rule' ? one.value : one.name) === true ? 'ERROR' : 'ACTIVE');
    }
    if (kind === 'loadbalancer.delete') return;
    this.#set(balancer, 'ACTIVE');
    operatingStatuses(this.#tables, balancer);
  }

  #fail({ balancer, kind, subjects, above = [], outcome }: Running): void {
    const listeners = this.#tables.listener.find('loadbalancer_id', balancer.id);
    const children = kind.startsWith('loadbalancer.') ? [] : subjects;
    for (const one of new Set([...children, ...listeners])) this.#set(one, 'ERROR');
    for (const one of above) this.#set(one, 'ACTIVE'); // undone last, because it was done first
    const whole = outcome?.outcome === 'balancer-error' || kind.startsWith('loadbalancer.');
    this.#set(balancer, whole ? 'ERROR' : 'ACTIVE');
  }

  #set(record: Child | LoadBalancer, provisioning_status: 'ACTIVE' | 'ERROR'): void {
    this.#tables.change(record, { provisioning_status, updated_at: this.now() });
  }

  /** HAProxy refuses the whole configuration for one bad rule. Rules of policies that are switched off are not in it. */
  #poisoned(balancer: LoadBalancer): boolean {
    const { refuseRule } = this.#switches;
    if (refuseRule === undefined) return false;
    return this.#tables.l7rule.find('loadbalancer_id', balancer.id).some((rule) => {
      const policy = this.#tables.l7policy.get(rule.l7policy_id);
      const listener = policy === undefined ? undefined : this.#tables.listener.get(policy.listener_id);
      const rendered = [rule, policy, listener].every(
        (one) => one?.admin_state_up === true && one.provisioning_status !== 'PENDING_DELETE',
      );
      return rendered && new RegExp(refuseRule).test(rule.value);
    });
  }

  #delay(kind: string): number {
    const { delays } = this.#switches;
    return delays[kind] ?? delays[kind.split('.')[0] ?? ''] ?? delays['default'] ?? 0;
  }

  #takeOutcome(balancer: LoadBalancer, kind: string): Outcome | undefined {
    const found = this.#outcomes.find(
      (one) =>
        one.times > 0 &&
        kind.startsWith(one.kind ?? '') &&
        (one.balancer === undefined || one.balancer === balancer.id || one.balancer === balancer.name),
    );
    if (found !== undefined)
      this.#outcomes = this.#outcomes.map((one) => (one === found ? { ...one, times: one.times - 1 } : one));
    return found;
  }
}

/** Children change only while the load balancer is ACTIVE. */
export function childrenMutable(balancer: LoadBalancer): void {
  if (balancer.provisioning_status !== 'ACTIVE') throw immutable('Load Balancer', balancer.id);
}

/** What stands in a pool or policy changes only while that is ACTIVE too. */
export function parentMutable(parent: Pool | L7Policy): void {
  if (parent.provisioning_status !== 'ACTIVE') throw immutable(resourceNames[parent.kind], parent.id);
}

function immutable(resource: string, id: string): Error {
  return octaviaRefusal(409, `${resource} ${id} is immutable and cannot be updated.`);
}

/** The balancer itself: an update wants ACTIVE; a delete and a failover also work from ERROR. */
export function balancerMutable(balancer: LoadBalancer, from: readonly string[]): void {
  const { provisioning_status: state, id } = balancer;
  if (!from.includes(state)) throw octaviaRefusal(409, `Invalid state ${state} of loadbalancer resource ${id}`);
}
