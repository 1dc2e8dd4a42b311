import type { Credentials, CredentialSource, EndpointInterface } from '../config/credentials.ts';
import { endpointUrl, type ServiceName } from '../keystone/v3/catalog.ts';
import { authenticationBody, issueToken } from '../keystone/v3/tokens.ts';
import type { Secret } from '../secret.ts';
import { orAborted, withinDeadline } from './deadline.ts';
import { OpenStackError } from './errors.ts';
import type { HttpClient } from './http.ts';

/** What a token gives: itself, and the endpoints of its catalog. */
export interface Access {
  readonly secret: Secret;
  readonly projectId: string | undefined;
  readonly endpoint: (service: ServiceName) => string;
  /** On the session's clock, in ms. */
  readonly renewAt: number;
}

export interface SessionOptions {
  readonly credentials: CredentialSource;
  readonly http: HttpClient;
  /** Both win over those of the credentials. */
  readonly region?: string | undefined;
  readonly interface?: EndpointInterface | undefined;
  /** Milliseconds; default Date.now. */
  readonly now?: (() => number) | undefined;
}

/**
 * The one holder of the token. It is fetched when first needed, again shortly before it expires, and again when a service refuses
 * it; however many calls need it at that moment, Keystone is asked once.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #now: () => number;
  #access: Access | undefined;
  #underWay: Promise<Access> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The signal ends this wait, not the authentication that others may share. */
  async access(signal: AbortSignal): Promise<Access> {
    const access = this.#access;
    if (access !== undefined && this.#now() < access.renewAt) return access;
    return orAborted(this.#shared('cached'), signal);
  }

  /** Another token than the refused one. Whoever comes late with the same refused token gets the new one. */
  async renew(refused: Access, signal: AbortSignal): Promise<Access> {
    if (this.#access !== undefined && this.#access !== refused) return this.#access;
    return orAborted(this.#shared('fresh'), signal);
  }

  /** The next call authenticates again. What is under way may have begun with the old credentials: it serves only those who wait for it. */
  forget(): void {
    this.#access = undefined;
    this.#underWay = undefined;
  }

  #shared(freshness: 'cached' | 'fresh'): Promise<Access> {
    if (this.#underWay !== undefined) return this.#underWay;
    const underWay = this.#keptUnlessForgotten(this.#authenticate(freshness), () => this.#underWay === underWay);
    this.#underWay = underWay;
    return underWay;
  }

  async #keptUnlessForgotten(asked: Promise<Access>, isCurrent: () => boolean): Promise<Access> {
    try {
      const access = await asked;
      if (isCurrent()) this.#access = access;
      return access;
    } finally {
      if (isCurrent()) this.#underWay = undefined;
    }
  }

  /** Its deadline is its own: it serves many calls. */
  async #authenticate(freshness: 'cached' | 'fresh'): Promise<Access> {
    const limits = { deadlineMs: this.#options.http.deadlineMs, signal: undefined, ...tokenCall };
    return withinDeadline(limits, async (signal) => {
      const credentials = await this.#options.credentials(freshness);
      try {
        return await this.#issue(credentials, signal);
      } catch (error) {
        if (!(error instanceof OpenStackError) || error.status !== 401) throw error;
        const rotated = await this.#options.credentials('fresh');
        if (sameSecrets(credentials, rotated)) throw error;
        return this.#issue(rotated, signal);
      }
    });
  }

  async #issue(credentials: Credentials, signal: AbortSignal): Promise<Access> {
    const { http } = this.#options;
    await http.trust(credentials.tls);
    const asked = this.#now();
    const token = await issueToken(http, credentials, signal);
    const region = this.#options.region ?? credentials.region;
    const face = this.#options.interface ?? credentials.interface;
    const lifetime = Date.parse(token.expires_at) - Date.parse(token.issued_at);
    return {
      secret: token.secret,
      projectId: token.project?.id,
      endpoint: (service) => endpointUrl(token.catalog, { service, region, interface: face }),
      // counted from our own clock, which may differ from Keystone's
      renewAt: asked + lifetime - Math.min(longestMarginMs, lifetime / 10),
    };
  }
}

const longestMarginMs = 120_000;

const tokenCall = { service: 'keystone', method: 'POST', path: '/v3/auth/tokens' } as const;

function sameSecrets(one: Credentials, other: Credentials): boolean {
  return asSent(one) === asSent(other);
}

function asSent({ authUrl, method }: Credentials): string {
  return JSON.stringify([authUrl, authenticationBody(method)]);
}
