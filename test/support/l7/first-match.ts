import type { FieldMatchSpec } from '../../../operator/core/model/route-spec.ts';
import type { Match } from '../../../operator/core/model/intents.ts';
import type { Request } from './request.ts';

/*
 * What users are promised (api.md §6.3), written down a second time: a request belongs to the first unit, in order of
 * precedence, that it matches. It knows nothing of Octavia, and nothing of how the operator gets there.
 */

export interface Asked {
  readonly hostname: string;
  readonly match: Match;
  readonly claimed: number;
  readonly source: string;
}

export function belongs({ hostname, match }: Pick<Asked, 'hostname' | 'match'>, request: Request): boolean {
  const { path, headers, cookies, fileTypes } = match;
  return (
    hostFits(hostname, request.host) &&
    pathFits(path, request.path) &&
    headers.every((header) => fieldFits(header, request.headers[header.name] ?? [])) &&
    cookies.every((cookie) => fieldFits(cookie, request.cookies[cookie.name] ?? [])) &&
    (fileTypes.length === 0 || fileTypes.includes(request.path.split('.').slice(1).at(-1) ?? ''))
  );
}

function hostFits(hostname: string, header: string | undefined): boolean {
  if (hostname === '*') return true;
  if (header === undefined) return false;
  const name = (header.split(':')[0] ?? '').toLowerCase();
  if (!/^[*+]/.test(hostname)) return name === hostname;
  const asked = hostname.split('.').slice(1);
  const labels = name.split('.');
  // of an Ingress: one label and no more
  if (hostname.startsWith('+') && labels.length !== asked.length + 1) return false;
  return labels.length > asked.length && labels.slice(-asked.length).join('.') === asked.join('.');
}

function pathFits(path: Match['path'], asked: string): boolean {
  switch (path.type) {
    case 'Any':
      return true;
    case 'Exact':
      return asked === path.value;
    case 'Regex':
      return new RegExp(path.value).test(asked);
    case 'PathPrefix': {
      const segments = path.value.split('/');
      return segments.every((segment, at) => asked.split('/')[at] === segment);
    }
  }
}

function fieldFits({ type, value = '', invert }: FieldMatchSpec, there: readonly string[]): boolean {
  const fits = (one: string): boolean => {
    switch (type) {
      case 'Present':
        return one.length > 0;
      case 'Exact':
        return one === value;
      case 'Prefix':
        return one.slice(0, value.length) === value;
      case 'Suffix':
        return value.length <= one.length && one.slice(one.length - value.length) === value;
      case 'Contains':
        return one.split(value).length > 1;
      case 'Regex':
        return new RegExp(value).test(one);
    }
  };
  return invert ? !there.some(fits) : there.some(fits);
}

/** First the more specific one. */
export function inPrecedence<Unit extends Asked>(units: readonly Unit[]): readonly Unit[] {
  return units.toSorted((a, b) => {
    const [left, right] = [ranks(a), ranks(b)];
    const at = left.findIndex((rank, place) => rank !== right[place]);
    if (at < 0) return a.source < b.source ? -1 : 1;
    return (right[at] ?? 0) - (left[at] ?? 0);
  });
}

/** The higher the earlier. */
function ranks({ hostname, match, claimed }: Asked): readonly number[] {
  const exact = /^[*+]/.test(hostname) ? 0 : 1000;
  const deep = hostname.startsWith('*') ? 0 : 1;
  const host = hostname === '*' ? 0 : exact === 0 ? 2 * hostname.length + deep : 0;
  const kinds = { Exact: 3, Regex: 2, PathPrefix: 1, Any: 0 };
  const { path } = match;
  const length = path.type === 'Regex' || path.type === 'PathPrefix' ? path.value.length : 0;
  return [
    exact + host,
    kinds[path.type],
    length,
    match.headers.length,
    match.cookies.length,
    match.fileTypes.length > 0 ? 1 : 0,
    -claimed,
  ];
}
