import { describe, expect, test } from '@jest/globals';
import { type Catalog, endpointUrl } from './catalog.ts';

const wish = { service: 'octavia', region: 'north', interface: 'public' } as const;

describe('an endpoint', () => {
  test.each([
    ['octavia', 'load-balancer', 'http://o:9876', 'http://o:9876/v2'],
    ['octavia', 'load-balancer', 'http://o/load-balancer/v2.0/', 'http://o/load-balancer/v2'],
    ['octavia', 'octavia', 'http://o/v2', 'http://o/v2'],
    ['neutron', 'network', 'http://n:9696/', 'http://n:9696/v2.0'],
    ['neutron', 'network', 'http://n/networking/v2.0', 'http://n/networking/v2.0'],
    ['barbican', 'key-manager', 'http://b/v1/', 'http://b/v1'],
    ['barbican', 'key-manager', 'http://b', 'http://b/v1'],
  ] as const)('of %s as %s at %s is %s', (service, type, url, expected) => {
    expect(endpointUrl([one(type, 'north', url)], { ...wish, service })).toBe(expected);
  });

  test('is that of the region and interface', () => {
    const catalog = [one('load-balancer', 'south', 'http://s'), one('load-balancer', 'north', 'http://n')];
    expect(endpointUrl(catalog, wish)).toBe('http://n/v2');
    expect(() => endpointUrl(catalog, { ...wish, region: undefined })).toThrow(
      'several regions (south, north): name one',
    );
  });

  test('that is missing is told with what there is', () => {
    expect(() => endpointUrl([one('network', 'north', 'http://n')], wish)).toThrow(
      'no load-balancer endpoint in region north for interface public; catalog has: network (north public)',
    );
  });
});

function one(type: string, region: string, url: string): Catalog[number] {
  return { type, endpoints: [{ interface: 'public', url, region_id: region }] };
}
