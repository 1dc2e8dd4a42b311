import { expect, test } from '@jest/globals';
import {
  balancer,
  httpListener,
  httpSpec,
  nothingSeen,
  programmed,
  route,
  service,
  snapshot,
} from '../../../test/support/core-fixtures.ts';
import { host, ingress, type IngressGiven, prefix } from '../../../test/support/ingress-objects.ts';
import { whole } from '../../../test/support/whole-pass.ts';
import type { Uid } from '../model/brand.ts';
import type { ToldIngresses } from '../model/report.ts';
import type { IngressObject, ServiceRouteObject } from '../model/snapshot.ts';
import { report } from './report.ts';

const services = [service('a', 'shop', 30_001), service('b', 'shop', 30_002)];
const world = balancer({ listeners: [httpListener('http', 80), httpListener('alt', 8080)] });

/** What is told of an Ingress after a pass over what was programmed for `standing`; `before`: what was told. */
function told(
  of: IngressGiven,
  {
    standing = [],
    before = new Map(),
  }: { standing?: readonly (IngressObject | ServiceRouteObject)[]; before?: ToldIngresses } = {},
) {
  const own = ingress(of);
  const routes = [...standing.filter(({ meta }) => meta.uid !== own.meta.uid), own];
  const seen = programmed(whole(snapshot({ routes: standing, services, balancer: world }), nothingSeen).wanted);
  const { result } = whole(snapshot({ routes, services, balancer: world }), seen);
  const said = report(result, before);
  const answer = said.routes.find(({ uid }) => uid === own.meta.uid);
  return {
    ingress: answer?.kind === 'Ingress' ? answer.status.loadBalancer.ingress : 'as before',
    events: said.events.map(({ kind, type, reason }) => `${kind} ${type} ${reason}`),
    remembered: said.told.get(own.meta.uid)?.map((text) => text.slice(0, text.indexOf(':'))),
  };
}

const tcp = (port: number, reason?: string) => ({
  port,
  protocol: 'TCP' as const,
  ...(reason === undefined ? {} : { error: `octopool.dev/${reason}` }),
});
const good = { rules: [host('a.io', prefix('/'))] };
const at = (...ports: readonly ReturnType<typeof tcp>[]) => [{ ip: '198.51.100.7', ports }];

test('what is on its way has no address; what is served has that of the balancer with each of its ports', () => {
  expect(told(good)).toEqual({
    ingress: 'as before',
    events: ['SharedBalancer Normal BalancerCreated'],
    remembered: [],
  });
  expect(told(good, { standing: [ingress(good)] })).toEqual({
    ingress: at(tcp(80), tcp(8080)),
    events: ['Ingress Normal Attached', 'SharedBalancer Normal BalancerCreated'],
    remembered: [],
  });
});

test('a port on which a rule is not in effect says the Reason, a port on which it is does not', () => {
  const thief = route({ namespace: 'b', name: 'thief', spec: httpSpec('a.io', 'shop') });
  const all = httpSpec('a.io', 'shop');
  const spec = { ...all, protocol: { ...all.protocol, listeners: ['alt'] } } as typeof all;
  const answer = told(good, { standing: [{ ...thief, spec }] });
  expect(answer).toEqual({
    ingress: at(tcp(80), tcp(8080, 'HostnameConflict')),
    events: expect.arrayContaining(['Ingress Warning HostnameConflict', 'SharedBalancer Warning HostnameConflict']),
    remembered: ['HostnameConflict'],
  });
});

const bad = { rules: [host('a.io', prefix('/')), host('b.io', prefix('/b"'), prefix('/g', 'ghost'))] };

test('each Reason is told once, and again when it says something else', () => {
  const standing = [ingress(good)];
  const first = told(bad, { standing });
  expect(first.events).toEqual(
    expect.arrayContaining(['Ingress Warning UnsafeString', 'Ingress Warning BackendNotFound']),
  );
  const texts = (said: readonly string[]): ToldIngresses => new Map([[ingress(bad).meta.uid, said]]);
  const known = whole(snapshot({ routes: [ingress(bad)], services, balancer: world }), nothingSeen);
  const before = report(known.result, new Map()).told;
  expect([...before.values()][0]?.length).toBe(2);
  const again = told(
    { ...bad, recordedIngress: at(tcp(80, 'UnsafeString'), tcp(8080, 'UnsafeString')) },
    { standing, before },
  );
  expect(warnings(again.events)).toEqual([]);
  const other = told(bad, {
    standing,
    before: texts(['UnsafeString: another path', 'BackendNotFound: another Service']),
  });
  expect(warnings(other.events)).toEqual(['Ingress Warning UnsafeString', 'Ingress Warning BackendNotFound']);
});

test('a new process finds in the status what was told, but for what had no place there', () => {
  const recordedIngress = at(tcp(80, 'UnsafeString'), tcp(8080, 'UnsafeString'));
  expect(warnings(told({ ...bad, recordedIngress }, { standing: [ingress(good)] }).events)).toEqual([
    'Ingress Warning BackendNotFound',
  ]);
});

function warnings(events: readonly string[]): readonly string[] {
  return events.filter((event) => event.startsWith('Ingress Warning'));
}

test('what is held is told, and its ports serve what they served', () => {
  const recordedIngress = at(tcp(80), tcp(8080));
  const answer = told(
    { ...good, annotations: { 'octopool.dev/paused': 'yes' }, recordedIngress },
    { standing: [ingress(good)] },
  );
  expect([answer.ingress, warnings(answer.events)]).toEqual(['as before', ['Ingress Warning Invalid']]);
});

test('while the cloud cannot be read addresses stay, nothing is news, and nothing is forgotten', () => {
  const own = ingress({ ...good, recordedIngress: at(tcp(80, 'HostnameConflict')) });
  const { result } = whole(snapshot({ routes: [own], services, balancer: world }), nothingSeen);
  const verdicts = [
    { owner: own.meta.uid, rule: '*', state: 'Pending', problem: { reason: 'Pending', message: 'unread' } },
  ] as const;
  const unread = { ...result, seen: undefined, intents: undefined, claims: undefined, plan: undefined, verdicts };
  const before = new Map<Uid, readonly string[]>([[own.meta.uid, ['HostnameConflict: x']]]);
  const { routes, told: after } = report(unread, before);
  expect([routes, [...after]]).toEqual([[], []]);
});

test('a balancer that does not admit it has no address for it', () => {
  const closed = balancer({ ...world.spec, attachment: { ...world.spec.attachment, kinds: ['ServiceRoute'] } });
  const own = ingress({ ...good, recordedIngress: at(tcp(80)) });
  const { result } = whole(snapshot({ routes: [own], services, balancer: closed }), nothingSeen);
  const said = report(result, new Map());
  expect(said.routes.map(({ status }) => status)).toEqual([{ loadBalancer: { ingress: [] } }]);
  expect(said.events.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['KindNotAllowed', 'Detached']));
});

test('a mistake is told no second time because a write in between had to wait', () => {
  const own = ingress(good);
  const quota = { reason: 'CloudQuotaExceeded', message: 'full' } as const;
  const { result } = whole(snapshot({ routes: [own], services, balancer: world }), nothingSeen);
  const pass = (problem: typeof quota | undefined) => ({
    ...result,
    verdicts: [{ owner: own.meta.uid, rule: 'all-1', state: 'Pending', problem } as const],
  });
  const first = report(pass(quota), new Map());
  const waiting = report(pass(undefined), first.told);
  const second = report(pass(quota), waiting.told);
  expect(
    [first, waiting, second].map(({ events }) =>
      warnings(events.map(({ kind, type, reason }) => `${kind} ${type} ${reason}`)),
    ),
  ).toEqual([['Ingress Warning CloudQuotaExceeded'], [], []]);
});
