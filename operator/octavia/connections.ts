import { connect, type Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import type { CredentialSource } from 'openstack-sdk-lite/config/credentials';
import { SwappableCredentials } from 'openstack-sdk-lite/config/sources';
import type { Clock } from 'openstack-sdk-lite/wait';
import { OpenStackError } from 'openstack-sdk-lite/transport/errors';
import type { CloudSelection } from '../core/model/balancer-spec.ts';

export interface ConnectionOptions {
  /** The operator's own credentials. */
  readonly own: CredentialSource;
  readonly region: string | undefined;
  readonly userAgent: string;
  /** Of waits for a busy balancer; default: real time. */
  readonly waitClock?: Clock | undefined;
  /** Milliseconds; of a call that has none of its own. Default: the SDK's. */
  readonly deadlineMs?: number | undefined;
  /** Called before each write to the cloud; throws where this process may not write now. */
  readonly beforeWrite: () => void;
  /** Reads one key of a Secret; throws with cause and fix. */
  readonly secretText: (
    ref: { readonly namespace: string; readonly name: string; readonly key: string },
    signal: AbortSignal,
  ) => Promise<string>;
}

interface OfSecret {
  readonly cloud: SdkCloud;
  readonly credentials: SwappableCredentials;
  text: string;
}

/** One connection for each distinct set of credentials, kept for the life of the process. */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #own = new Map<string, SdkCloud>();
  readonly #ofSecrets = new Map<string, OfSecret>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  async to(selection: CloudSelection, namespace: string, signal: AbortSignal): Promise<SdkCloud> {
    return selection.credentialsRef === undefined
      ? this.own(selection.region)
      : this.#ofSecret(selection, { namespace, ...selection.credentialsRef }, signal);
  }

  own(region?: string): SdkCloud {
    const { own, region: usual } = this.#options;
    const name = region ?? usual ?? '';
    const there = this.#own.get(name);
    if (there !== undefined) return there;
    const cloud = this.#connect(own, region ?? usual);
    this.#own.set(name, cloud);
    return cloud;
  }

  async close(): Promise<void> {
    const all = [...this.#own.values(), ...[...this.#ofSecrets.values()].map((entry) => entry.cloud)];
    await Promise.all(all.map((cloud) => cloud.close()));
  }

  /** Read at every pass, so that exchanged credentials need no restart. */
  async #ofSecret(
    selection: CloudSelection,
    ref: { readonly namespace: string; readonly name: string; readonly key: string },
    signal: AbortSignal,
  ): Promise<SdkCloud> {
    const text = await this.#options.secretText(ref, signal).catch((cause: unknown) => {
      throw unreadable(ref, cause);
    });
    const credentials = parseCloudsYaml(text, selection.cloudName ?? 'openstack');
    const name = [ref.namespace, ref.name, ref.key, selection.cloudName ?? '', selection.region ?? ''].join(' ');
    const there = this.#ofSecrets.get(name);
    if (there === undefined) {
      const swappable = new SwappableCredentials(credentials);
      const cloud = this.#connect(swappable.source, selection.region);
      this.#ofSecrets.set(name, { cloud, credentials: swappable, text });
      return cloud;
    }
    if (there.text !== text) {
      there.text = text;
      there.credentials.swap(credentials);
      there.cloud.forgetToken();
    }
    return there.cloud;
  }

  #connect(credentials: CredentialSource, region: string | undefined): SdkCloud {
    const { userAgent, waitClock, deadlineMs, beforeWrite } = this.#options;
    return connect({ credentials, region, userAgent, waitClock, deadlineMs, beforeWrite });
  }
}

function unreadable(
  ref: { readonly namespace: string; readonly name: string; readonly key: string },
  cause: unknown,
): OpenStackError {
  const why = cause instanceof Error ? cause.message : 'unreadable';
  return new OpenStackError({
    kind: 'credentials',
    service: 'credentials',
    faultText: `key ${ref.key} of Secret ${ref.name} cannot be read (${why}). Create it, and let the operator read it by a Role in this namespace`,
    cause,
  });
}
