import type { Milliseconds } from './brand.ts';

/** Words that several records share. */

export type Labels = Readonly<Record<string, string>>;

/** A reference to an object of the cloud: by UUID or by a name that must match exactly one. */
export type CloudRef = { readonly id: string } | { readonly name: string };

export type L4Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

export interface ListenerTimeouts {
  readonly clientData: Milliseconds;
  readonly memberConnect: Milliseconds;
  readonly memberData: Milliseconds;
  readonly tcpInspect: Milliseconds;
}

/** What Octavia has where nothing is said. */
export const octaviaTimeouts: ListenerTimeouts = {
  clientData: 50_000,
  memberConnect: 5_000,
  memberData: 50_000,
  tcpInspect: 0,
};
