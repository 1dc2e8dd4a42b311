import type { Answer, Request } from './http.ts';

/** Answers to everybody, without a token. undefined: the request is about something else. */
export function versions({ service, method, path, base }: Request): Answer | undefined {
  if (method !== 'GET' || (path !== '/' && path !== '' && path !== '/v3' && path !== '/v3/')) return undefined;
  const links = (version: string) => [{ rel: 'self', href: `${base}/${version}` }];
  switch (service) {
    case 'octavia':
      return path.startsWith('/v') ? undefined : { status: 200, body: { versions: octaviaVersions(base) } };
    case 'neutron': {
      const versions = [{ id: 'v2.0', status: 'CURRENT', links: links('v2.0/') }];
      return path.startsWith('/v') ? undefined : { status: 200, body: { versions } };
    }
    case 'barbican': {
      const values = [{ id: 'v1', status: 'stable', links: links('v1/') }];
      return path.startsWith('/v') ? undefined : { status: 300, body: { versions: { values } } };
    }
    case 'keystone': {
      const version = { id: 'v3.14', status: 'stable', links: links('v3/') };
      return path.startsWith('/v')
        ? { status: 200, body: { version } }
        : { status: 300, body: { versions: { values: [version] } } };
    }
  }
}

function octaviaVersions(base: string): readonly unknown[] {
  return Array.from({ length: 27 }, (_, minor) => ({
    id: `v2.${minor}`,
    status: minor === 26 ? 'CURRENT' : 'SUPPORTED',
    updated: '2022-08-29T00:00:00Z',
    links: [{ href: `${base}/v2`, rel: 'self' }],
  }));
}
