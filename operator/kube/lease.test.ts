import { expect, test } from '@jest/globals';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { KubeError, type KubeRequest } from './kube-request.ts';
import { LeaseElection } from './lease.ts';
import type { Leadership } from './lease-term.ts';

/** The Lease as the API server keeps it: a write on an older version is refused. */
class LeaseServer {
  lease: { metadata: { resourceVersion: string }; spec: Record<string, unknown> } | undefined;
  reachable = true;
  /** Runs before each answer. */
  slow = (): void => undefined;

  readonly json = async ({ method, body }: KubeRequest): Promise<unknown> => {
    this.slow();
    if (!this.reachable) throw new KubeError({ status: undefined, reason: undefined, message: 'no answer' });
    if (method === 'GET') {
      if (this.lease === undefined) throw new KubeError({ status: 404, reason: 'NotFound', message: '' });
      return structuredClone(this.lease);
    }
    const sent = body as { metadata: { resourceVersion?: string }; spec: Record<string, unknown> };
    const version = this.lease?.metadata.resourceVersion;
    if (sent.metadata.resourceVersion !== version)
      throw new KubeError({ status: 409, reason: 'Conflict', message: '' });
    this.lease = { metadata: { ...sent.metadata, resourceVersion: String(Number(version ?? 0) + 1) }, spec: sent.spec };
    return structuredClone(this.lease);
  };
}

function candidate(server: LeaseServer, clock: ManualClock, identity: string) {
  const told: string[] = [];
  const stop = new AbortController();
  const terms: Leadership[] = [];
  const election = new LeaseElection({
    kube: { json: server.json },
    namespace: 'octopool-system',
    name: 'octopool-operator',
    identity,
    clock,
    onTrouble: () => undefined,
  });
  const run = election.run(async (leadership) => {
    told.push(`${identity} leads`);
    terms.push(leadership);
    const end = AbortSignal.any([leadership.stop, leadership.lost]);
    await new Promise<void>((resolve) => end.addEventListener('abort', () => resolve()));
    told.push(`${identity} ${leadership.lost.aborted ? 'lost' : 'stopped'}`);
  }, stop.signal);
  return { told, terms, stop: () => stop.abort(), run };
}

test('one of two leads, and the other takes over at once when it gives the Lease back', async () => {
  const [server, clock] = [new LeaseServer(), new ManualClock()];
  const a = candidate(server, clock, 'a');
  await clock.advance(1_000);
  const b = candidate(server, clock, 'b');
  await clock.advance(60_000);
  expect([a.told, b.told]).toEqual([['a leads'], []]);
  a.stop();
  await clock.advance(5_000);
  await a.run;
  expect([a.told, b.told]).toEqual([['a leads', 'a stopped'], ['b leads']]);
  b.stop();
  await clock.advance(5_000);
  await b.run;
});

test('a holder that cannot renew stops before another may begin', async () => {
  const [shared, clock] = [new LeaseServer(), new ManualClock()];
  const a = candidate(shared, clock, 'a');
  await clock.advance(3_000);
  shared.reachable = false;
  await clock.advance(11_000);
  expect(a.told).toEqual(['a leads', 'a lost']);
  shared.reachable = true;
  a.stop();
  await clock.advance(5_000);
  await a.run;
});

test('a holder that lost the Lease because the API server was away leads again when it is back', async () => {
  const [server, clock] = [new LeaseServer(), new ManualClock()];
  const a = candidate(server, clock, 'a');
  await clock.advance(3_000);
  server.reachable = false;
  await clock.advance(60_000);
  server.reachable = true;
  await clock.advance(5_000);
  expect(a.told).toEqual(['a leads', 'a lost', 'a leads']);
  a.stop();
  await clock.advance(5_000);
  await a.run;
});

test('a dead holder is waited for by our own clock, whatever the times in its record say', async () => {
  const [server, clock] = [new LeaseServer(), new ManualClock()];
  const spec = {
    holderIdentity: 'dead',
    leaseDurationSeconds: 15,
    renewTime: '1990-01-01T00:00:00.000000Z',
    leaseTransitions: 4,
  };
  server.lease = { metadata: { resourceVersion: '7' }, spec };
  const b = candidate(server, clock, 'b');
  await clock.advance(14_000);
  expect(b.told).toEqual([]);
  await clock.advance(6_000);
  expect(b.told).toEqual(['b leads']);
  expect(server.lease.spec['leaseTransitions']).toBe(5);
  b.stop();
  await clock.advance(5_000);
  await b.run;
});

test('a process that was paused learns before any timer that its time is over', async () => {
  const [server, clock] = [new LeaseServer(), new ManualClock()];
  const a = candidate(server, clock, 'a');
  await clock.advance(3_000);
  const [term] = a.terms;
  expect(() => term?.check()).not.toThrow();
  clock.sleep(60_000);
  expect(term?.lost.aborted).toBe(false); // no timer has run yet
  expect(() => term?.check()).toThrow('the lease could not be renewed in time');
  expect(term?.lost.aborted).toBe(true);
  a.stop();
  await clock.advance(5_000);
  await a.run;
});

test('the time of a first term counts from its asking, not from the answer', async () => {
  const [server, clock] = [new LeaseServer(), new ManualClock()];
  server.slow = () => clock.sleep(4_000);
  const a = candidate(server, clock, 'a');
  for (let turn = 0; turn < 5; turn++) await clock.advance(0);
  server.reachable = false;
  const [term] = a.terms;
  expect([a.told, clock.now()]).toEqual([['a leads'], 8_000]);
  clock.sleep(2_500);
  expect(() => term?.check()).toThrow('the lease could not be renewed in time');
  a.stop();
  await clock.advance(5_000);
  await a.run;
});

test('a holder that finds the Lease given back by another has lost it, and does not just take it again', async () => {
  const [server, clock] = [new LeaseServer(), new ManualClock()];
  const a = candidate(server, clock, 'a');
  await clock.advance(1_000);
  server.lease = { metadata: { resourceVersion: '70' }, spec: { holderIdentity: '', leaseDurationSeconds: 1 } };
  await clock.advance(3_000);
  expect(a.told.slice(0, 2)).toEqual(['a leads', 'a lost']);
  a.stop();
  await clock.advance(5_000);
  await a.run;
});

test('a Lease that somebody deletes does not make a second leader', async () => {
  const [server, clock] = [new LeaseServer(), new ManualClock()];
  const a = candidate(server, clock, 'a');
  await clock.advance(1_000);
  const b = candidate(server, clock, 'b');
  await clock.advance(7_000); // the next to ask is b
  server.lease = undefined;
  await clock.advance(60_000);
  expect([a.told, b.told]).toEqual([['a leads'], []]);
  for (const one of [a, b]) one.stop();
  await clock.advance(30_000);
  await Promise.all([a.run, b.run]);
});
