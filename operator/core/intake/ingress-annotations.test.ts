import { expect, test } from '@jest/globals';
import { balancerName } from '../model/brand.ts';
import { ingressSettings } from './ingress-annotations.ts';
import { ingressRemarks } from './ingress-remarks.ts';

const problemOf = (name: string, value: string) => ingressSettings({ [`octopool.dev/${name}`]: value }).problem;

test.each([
  ['listeners', 'http,,alt', 'Invalid'],
  ['listeners', '', 'Invalid'],
  ['target-type', 'Pod', 'Invalid'],
  ['target-type', '', 'Invalid'],
  ['drain-timeout', '45', 'Invalid'],
  ['drain-timeout', '1h1ms', 'Invalid'],
  ['paused', 'yes', 'Invalid'],
  ['https-redirect', '308', 'UnsupportedValue'],
])('%s: %j is refused as %s, by its name', (name, value, reason) => {
  expect(problemOf(name, value)).toEqual({ reason, message: expect.stringContaining(`octopool.dev/${name}`) });
});

test.each([
  ['listeners', ' http , alt'],
  ['target-type', 'NodePort'],
  ['drain-timeout', '0s'],
  ['drain-timeout', '59m60s'],
  ['paused', 'false'],
  ['paused', 'true\n'],
])('%s: %j is taken', (name, value) => {
  expect(problemOf(name, value)).toBeUndefined();
});

test('nothing said is nothing set', () => {
  expect(ingressSettings({})).toEqual({
    listeners: undefined,
    policy: { targetType: undefined, drainTimeout: undefined },
    problem: undefined,
  });
});

test('annotations of the other controller are told once, each with the field that stands for it', () => {
  const given = ['timeout-member-data', 'floatingip', 'surprise', 'whitelist-source-range'];
  const annotations = Object.fromEntries(given.map((name) => [`octavia.ingress.kubernetes.io/${name}`, 'x']));
  const balancer = balancerName('edge', 'public');
  expect(ingressRemarks({ ...annotations, 'octopool.dev/paused': 'true' }, balancer)).toEqual([
    {
      reason: 'LoadBalancerWideSetting',
      message:
        'Annotations of octavia.ingress.kubernetes.io are not read: floatingip (spec.network.floatingIP), surprise (nothing stands for it), timeout-member-data (spec.listeners[].timeouts), whitelist-source-range (spec.listeners[].allowedCIDRs). The load balancer is shared; its settings stand in SharedBalancer edge/public.',
    },
  ]);
  expect(ingressRemarks({ 'octopool.dev/paused': 'true' }, balancer)).toEqual([]);
});
