import type { IpAddress } from './brand.ts';

/** The fields that wanted and seen objects share: what Octavia can be told and gives back. Times in the units of its API. */

export type ListenerProtocol = 'HTTP' | 'PROMETHEUS' | 'TCP' | 'UDP' | 'SCTP';
export type PoolProtocol = 'HTTP' | 'TCP' | 'UDP' | 'SCTP' | 'PROXY' | 'PROXYV2';
export type MonitorType = 'TCP' | 'HTTP' | 'HTTPS' | 'TLS-HELLO' | 'UDP-CONNECT' | 'SCTP' | 'PING';

export interface ListenerBody {
  readonly name: string;
  readonly description: string;
  /** -1: no limit. */
  readonly connectionLimit: number;
  /** Milliseconds, as Octavia's timeout_client_data and so on. */
  readonly timeouts: {
    readonly clientData: number;
    readonly memberConnect: number;
    readonly memberData: number;
    readonly tcpInspect: number;
  };
  /** Header names sorted; Octavia's value is "true" for each. */
  readonly insertHeaders: readonly string[];
  /** Canonical and sorted; empty: everybody. */
  readonly allowedCidrs: readonly string[];
}

export interface PoolBody {
  readonly name: string;
  readonly description: string;
  readonly algorithm: 'ROUND_ROBIN' | 'LEAST_CONNECTIONS' | 'SOURCE_IP' | 'SOURCE_IP_PORT';
  readonly persistence:
    | {
        readonly type: 'SOURCE_IP' | 'HTTP_COOKIE' | 'APP_COOKIE';
        /** APP_COOKIE only. */
        readonly cookieName: string | undefined;
        /** Seconds; UDP and SCTP only. */
        readonly timeout: number | undefined;
      }
    | undefined;
}

export interface MonitorBody {
  readonly name: string;
  /** Seconds. */
  readonly delay: number;
  readonly timeout: number;
  readonly maxRetries: number;
  readonly maxRetriesDown: number;
  /** Set on HTTP and HTTPS monitors only. */
  readonly http:
    | {
        readonly path: string;
        readonly method: string;
        readonly version: 1.0 | 1.1;
        readonly host: string | undefined;
        readonly expectedCodes: string;
      }
    | undefined;
}

export interface MemberBody {
  /**
   * `<node or pod>#<6 hex over weight, role, monitor port>`: the status tree shows names, so one read tells whether any member
   * differs. A draining member is `<node or pod>~<when its drain ends>#<hex>`: nothing else remembers since when it drains.
   */
  readonly name: string;
  readonly address: IpAddress;
  readonly port: number;
}

/** One condition of an L7 policy; all rules of a policy are ANDed. */
export interface RuleBody {
  readonly type: 'HOST_NAME' | 'PATH' | 'HEADER' | 'COOKIE';
  readonly compareType: 'EQUAL_TO' | 'REGEX' | 'STARTS_WITH' | 'ENDS_WITH' | 'CONTAINS';
  readonly key: string | undefined;
  readonly value: string;
  readonly invert: boolean;
}
