import { type Secrets, secrets } from './barbican/v1/secrets.ts';
import type { CredentialSource, EndpointInterface } from './config/credentials.ts';
import { type Neutron, neutron } from './neutron/v2/neutron.ts';
import { type Octavia, octavia } from './octavia/v2/octavia.ts';
import type { Call } from './resource.ts';
import { Session } from './transport/auth.ts';
import { deadlineOf, withinDeadline } from './transport/deadline.ts';
import { endpoint } from './transport/endpoint.ts';
import { HttpClient, type HttpOptions } from './transport/http.ts';
import type { ServiceName } from './keystone/v3/catalog.ts';
import type { Clock } from './wait.ts';

export interface CloudOptions extends HttpOptions {
  readonly credentials: CredentialSource;
  /** Wins over the credentials' own; so does `interface`. */
  readonly region?: string | undefined;
  readonly interface?: EndpointInterface | undefined;
  /** Of waits for a busy balancer; default: real time. */
  readonly waitClock?: Clock | undefined;
  /** Called right before each request that changes something in the cloud (not for a token); what it throws keeps the request from being sent. */
  readonly beforeWrite?: (() => void) | undefined;
}

export interface Cloud {
  readonly octavia: Octavia;
  readonly neutron: Neutron;
  readonly barbican: { readonly secrets: Secrets };
  /** The project that the token is for. */
  projectId(call?: Call): Promise<string | undefined>;
  /** Authenticates, and finds the endpoint of each service named; else throws what a call would throw. For a check at start. */
  verify(services: readonly ServiceName[], call?: Call): Promise<void>;
  /** The next call authenticates again, with credentials as they are then. */
  forgetToken(): void;
  /** Ends all connections, requests under way included. */
  close(): Promise<void>;
}

/** A cloud, seen with one set of credentials. Nothing is sent before the first call. */
export function connect(options: CloudOptions): Cloud {
  const http = new HttpClient(options);
  const session = new Session({ ...options, http });
  const to = (service: ServiceName) => endpoint({ service, session, http, beforeWrite: options.beforeWrite });
  const access = (call: Call = {}) =>
    withinDeadline({ ...deadlineOf(call, http.deadlineMs), service: 'keystone', method: '', path: '' }, (signal) =>
      session.access(signal),
    );
  return {
    octavia: octavia(to('octavia'), options.waitClock),
    neutron: neutron(to('neutron')),
    barbican: { secrets: secrets(to('barbican')) },
    projectId: async (call) => (await access(call)).projectId,
    verify: async (services, call) => {
      const token = await access(call);
      for (const service of services) token.endpoint(service);
    },
    forgetToken: () => session.forget(),
    close: () => http.close(),
  };
}
