import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { serviceRouteSpecSchema } from '../../operator/api/v1alpha1/service-route.ts';
import { sharedBalancerSpecSchema } from '../../operator/api/v1alpha1/shared-balancer.ts';
import { operatorOptions, releaseOptions, responderOptions } from '../../operator/config.ts';
import type { Reason } from '../../operator/core/model/reason.ts';
import { createMetrics } from '../../operator/telemetry/metrics.ts';
import { deadLinks, fenced, pages, repository } from './markdown.ts';

/** What the documentation shows is so: its YAML is accepted, what it quotes is really said, its links lead somewhere. */

const all = pages();
const specs = { SharedBalancer: sharedBalancerSpecSchema, ServiceRoute: serviceRouteSpecSchema };
const objectSchema = z.object({ apiVersion: z.string(), kind: z.string(), spec: z.unknown() });

const objects = all.flatMap((page) =>
  fenced(page, 'yaml')
    .flatMap((block) => parseAllDocuments(block))
    .map((document) => ({ path: page.path, document })),
);

test('every block of YAML is objects of Kubernetes, and there are many', () => {
  const wrong = objects.filter(
    ({ document }) => document.errors.length > 0 || !objectSchema.safeParse(document.toJS()).success,
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
  expect(objects.length).toBeGreaterThan(20);
});

const own = objects
  .map(({ path, document }) => ({ path, ...objectSchema.parse(document.toJS()) }))
  .filter(({ apiVersion }) => apiVersion.startsWith('octopool.dev/'))
  .map((object, at) => ({ ...object, title: `${at + 1} ${object.kind} in ${object.path}` }));

test.each(own)('$title is accepted, and no field of it is unknown', ({ apiVersion, kind, spec }) => {
  expect(apiVersion).toBe('octopool.dev/v1alpha1');
  expect(Object.keys(specs)).toContain(kind);
  const read: unknown = specs[kind as keyof typeof specs].parse(spec);
  expect(unknownFields(spec, read, 'spec')).toEqual([]);
});

test('a field that no schema knows is found', () => {
  expect(unknownFields({ a: { b: 1, c: [{ d: 1 }] } }, { a: { c: [{ e: 2 }] } }, 'spec')).toEqual([
    'spec.a.b',
    'spec.a.c.0.d',
  ]);
});

/** A schema leaves out what it does not know; the API server would say so, or drop it in silence. */
function unknownFields(written: unknown, read: unknown, path: string): readonly string[] {
  if (typeof written !== 'object' || written === null) return [];
  if (typeof read !== 'object' || read === null) return [path];
  return Object.entries(written).flatMap(([name, value]) =>
    name in read ? unknownFields(value, Reflect.get(read, name), `${path}.${name}`) : [`${path}.${name}`],
  );
}

/** Whoever adds a Reason decides here whether a person has to act on it. */
const acts: Readonly<Record<Reason, 'somebody' | 'nobody'>> = {
  Accepted: 'nobody',
  BalancerNotFound: 'somebody',
  NoBalancer: 'somebody',
  KindNotAllowed: 'somebody',
  ExposureMismatch: 'somebody',
  ForeignController: 'somebody',
  LoadBalancerWideSetting: 'somebody',
  NotAllowedByBalancer: 'somebody',
  ListenerNotFound: 'somebody',
  HostnameNotDelegated: 'somebody',
  PortNotDelegated: 'somebody',
  UnsafeString: 'somebody',
  UnsupportedValue: 'somebody',
  UnsupportedByProvider: 'somebody',
  RegexNotAllowed: 'somebody',
  ImmutableField: 'somebody',
  Invalid: 'somebody',
  AddressMismatch: 'somebody',
  ResolvedRefs: 'nobody',
  BackendNotFound: 'somebody',
  PortNotFound: 'somebody',
  NoNodePort: 'somebody',
  CloudResourceNotFound: 'somebody',
  CloudResourceAmbiguous: 'somebody',
  CredentialsInvalid: 'somebody',
  Programmed: 'nobody',
  Pending: 'nobody',
  BalancerBusy: 'nobody',
  AddressNotAssigned: 'somebody',
  CloudQuotaExceeded: 'somebody',
  CloudUnavailable: 'somebody',
  CloudRefused: 'somebody',
  ProvisioningError: 'somebody',
  ProvisioningStuck: 'somebody',
  LoadBalancerMissing: 'somebody',
  ForeignOwner: 'somebody',
  NoReadyNodes: 'somebody',
  DisruptiveChange: 'somebody',
  Ready: 'nobody',
  Paused: 'somebody',
  BalancerPaused: 'somebody',
  OperatingStatusDegraded: 'somebody',
  TopologyMismatch: 'somebody',
  Drifted: 'somebody',
  Repairing: 'nobody',
  NoEndpoints: 'somebody',
  TargetPortNotFound: 'somebody',
  HostnameConflict: 'somebody',
  RuleConflict: 'somebody',
  PortConflict: 'somebody',
  PartiallyInvalid: 'somebody',
  AllHealthy: 'nobody',
  SomeUnhealthy: 'somebody',
  NoHealthyMembers: 'somebody',
  NoMonitor: 'nobody',
  RoutesAttached: 'somebody',
  DeletionProtected: 'somebody',
  WaitingForCloud: 'nobody',
  AddressesReady: 'nobody',
  NoPublicAddress: 'somebody',
  SecurityGroupsUnmanaged: 'somebody',
  PortSecurityDisabled: 'somebody',
  NodeFloatingIPsDisabled: 'somebody',
};
const withPage = Object.entries(acts).flatMap(([reason, who]) => (who === 'somebody' ? [`${reason}.md`] : []));

test('there is a runbook for every Reason on which somebody has to act, and for nothing else', () => {
  const there = readdirSync(join(repository, 'docs/runbooks')).filter((file) => file !== 'README.md');
  expect(there.toSorted()).toEqual(withPage.toSorted());
});

test('the index of the runbooks names each of them', () => {
  const { text = '' } = all.find(({ path }) => path === 'docs/runbooks/README.md') ?? {};
  expect(withPage.filter((file) => !text.includes(`[${file.slice(0, -3)}](${file})`))).toEqual([]);
});

test('every runbook quotes a status with its own Reason', () => {
  const silent = withPage.filter((file) => {
    const page = all.find(({ path }) => path === `docs/runbooks/${file}`);
    const quoted = page === undefined ? [] : fenced(page, 'status').flatMap((block) => block.split('\n'));
    return !quoted.some((line) => line.includes(` ${file.slice(0, -3)}: `));
  });
  expect(silent).toEqual([]);
});

const judgementSchema = z.object({
  balancer: z.array(z.string()),
  routes: z.record(z.string(), z.array(z.string())),
  events: z.array(z.string()),
});

test('every line of status that a page quotes is said in some golden case', () => {
  const cases = join(repository, 'test/golden/cases');
  const judgements = readdirSync(cases).map((name) =>
    judgementSchema.parse(parse(readFileSync(join(cases, name, 'expected.yaml'), 'utf8'))),
  );
  const lines = judgements.flatMap(({ balancer, routes, events }) => [
    ...balancer,
    ...Object.values(routes).flat(),
    ...events.map((event) => event.slice(event.indexOf(' ') + 1)),
  ]);
  const said = new Set(lines.map((line) => line.replaceAll(/\bid:\S+/g, '<id>')));
  const quoted = all.flatMap((page) =>
    fenced(page, 'status').flatMap((block) => block.split('\n').filter((line) => line !== '')),
  );
  expect(quoted.length).toBeGreaterThan(40);
  expect(quoted.filter((line) => !said.has(line))).toEqual([]);
});

test.each(all)('the links of $path lead somewhere', (page) => {
  expect(deadLinks(page)).toEqual([]);
});

test('the page about metrics names each metric of ours, and no other', async () => {
  const { text = '' } = all.find(({ path }) => path === 'docs/tasks/metrics.md') ?? {};
  const { registry } = createMetrics();
  const named = new Set([...text.matchAll(/octopool_[a-z_]+/g)].map(([name]) => name));
  const there = (await registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('octopool_'));
  expect([...named].toSorted()).toEqual(there.toSorted());
});

/** Of other programs, where a page names them beside ours. */
const flagsOfOthers = ['--help', '--build-arg', '--wait', '--field-selector', '--service-node-port-range'];

test('every flag that a sentence names is one of ours', () => {
  const commands = [operatorOptions(new Command(), ''), releaseOptions(new Command()), responderOptions(new Command())];
  const ours = commands.flatMap(({ options }) => options.map(({ long }) => long ?? ''));
  const named = all.flatMap(({ path, text }) =>
    [...text.matchAll(/`(--[a-z-]+)[ `]/g)].map(([, flag = '']) => ({ path, flag })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ flag }) => !ours.includes(flag) && !flagsOfOthers.includes(flag))).toEqual([]);
});
