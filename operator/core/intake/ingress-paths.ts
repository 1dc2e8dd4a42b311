import { ingressHostname } from '../model/hostname.ts';
import type { IngressBackend, IngressPath, IngressSpec } from '../model/ingress-spec.ts';
import type { Match } from '../model/intents.ts';
import type { MatchSpec } from '../model/route-spec.ts';
import { canonicalMatches } from './matches.ts';

/** A path of a host, and what answers there. */
export interface AskedPath {
  /** As it is compared (model/hostname.ts). */
  readonly hostname: string;
  /** As it is written; undefined: every host. */
  readonly host: string | undefined;
  readonly match: Match;
  /** As it is written. */
  readonly path: string;
  readonly backend: IngressBackend;
  /** Where the backend stands in the spec, for messages. */
  readonly field: string;
}

/** Every path in the order of the spec; last what defaultBackend stands for. */
export function askedPaths(spec: IngressSpec, everyHost: 'delegated' | 'notDelegated'): readonly AskedPath[] {
  const written = spec.rules.flatMap(({ host, paths }, rule) =>
    paths.map((path, at) => ({ ...asked(host, path), field: `spec.rules[${rule}].http.paths[${at}]` })),
  );
  return [...written, ...defaults(spec, written, everyHost)];
}

/**
 * The rest of each host of this Ingress, never of others' hosts. Requests to no host of anybody are asked for only where that can be had,
 * or where it is all that is asked for: then its owner has to know.
 */
function defaults(
  { rules, defaultBackend: backend }: IngressSpec,
  written: readonly AskedPath[],
  everyHost: 'delegated' | 'notDelegated',
): readonly AskedPath[] {
  if (backend === undefined) return [];
  const hosts = new Set(rules.map(({ host }) => host));
  if (everyHost === 'delegated' || hosts.size === 0) hosts.add(undefined);
  const whole = new Set(written.filter(({ match }) => match.path.type === 'Any').map(({ hostname }) => hostname));
  return [...hosts]
    .filter((host) => !whole.has(ingressHostname(host)))
    .map((host) => ({
      ...asked(host, { path: '/', pathType: 'Prefix', backend }),
      field: 'spec.defaultBackend',
    }));
}

function asked(host: string | undefined, { path, pathType, backend }: IngressPath): Omit<AskedPath, 'field'> {
  // element by element, as a PathPrefix is; what the implementation may choose is that too
  const type = pathType === 'Exact' ? 'Exact' : 'PathPrefix';
  return { hostname: ingressHostname(host), host, match: matchOf({ type, value: path }), path, backend };
}

function matchOf(path: MatchSpec['path']): Match {
  const { matches } = canonicalMatches([{ path, headers: [], cookies: [], fileTypes: [] }], 'Forbidden');
  const [match] = matches;
  return match ?? { path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] };
}
