/** An answer that ends a request. Nothing of the request has happened by then: handlers check first and write last. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

export function octaviaRefusal(status: number, faultstring: string): Refusal {
  return new Refusal(status, { faultcode: status < 500 ? 'Client' : 'Server', faultstring, debuginfo: null });
}

/** Octavia's prefix for most of what it checks itself. */
export function validationFailure(detail: string): Refusal {
  return octaviaRefusal(400, `Validation failure: ${detail}`);
}

export function octaviaNotFound(resource: string, id: string): Refusal {
  return octaviaRefusal(404, `${resource} ${id} not found.`);
}

export function policyDenied(): Refusal {
  return octaviaRefusal(403, 'Policy does not allow this request to be performed.');
}

export function neutronRefusal(status: number, type: string, message: string): Refusal {
  return new Refusal(status, { NeutronError: { type, message, detail: '' } });
}

/** Barbican's, and Octavia's for a page size that is no number. */
export function plainRefusal(code: number, title: string, description: string): Refusal {
  return new Refusal(code, { code, title, description });
}

/** What Keystone says, and its middleware in front of the other services. */
export function unauthorized(): Refusal {
  const message = 'The request you have made requires authentication.';
  return new Refusal(401, { error: { code: 401, title: 'Unauthorized', message } });
}
