import { accepted, type Answer, type Call, ok, type Routes } from '../http.ts';
import { octaviaRefusal, policyDenied } from '../refusal.ts';
import { integer, readEnvelope } from '../fields.ts';
import { isAdministrator, mayRead } from './access.ts';
import { type Kind, quotaNames } from './records.ts';
import type { Tables } from './tables.ts';

const words = {
  loadbalancer: 'load_balancer',
  listener: 'listener',
  member: 'member',
  pool: 'pool',
  healthmonitor: 'health_monitor',
  l7policy: 'l7policy',
  l7rule: 'l7rule',
} as const satisfies Record<Kind, string>;

export type Quota = Readonly<Record<(typeof words)[Kind], number>>;

const unlimited: Quota = {
  load_balancer: -1,
  listener: -1,
  member: -1,
  pool: -1,
  health_monitor: -1,
  l7policy: -1,
  l7rule: -1,
};

/** Limits of projects; -1 is none. */
export class Quotas {
  readonly #tables: Tables;
  readonly #quotas = new Map<string, Quota>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  of(projectId: string): Quota {
    return this.#quotas.get(projectId) ?? unlimited;
  }

  set(projectId: string, quota: Partial<Quota>): Quota {
    const whole = { ...this.of(projectId), ...quota };
    this.#quotas.set(projectId, whole);
    return whole;
  }

  reset(projectId: string): void {
    this.#quotas.delete(projectId);
  }

  /** Throws when so many more do not fit. */
  room(projectId: string, kind: Kind, more = 1): void {
    const limit = this.of(projectId)[words[kind]];
    if (more <= 0 || limit < 0 || this.#tables.of(kind).count('project_id', projectId) + more <= limit) return;
    throw octaviaRefusal(403, `Quota has been met for resources: ${quotaNames[kind]}`);
  }
}

const limit = integer(-1, 2_147_483_647);
const shape = {
  argument: 'quotas.quota',
  fields: {
    load_balancer: limit,
    listener: limit,
    member: limit,
    pool: limit,
    health_monitor: limit,
    l7policy: limit,
    l7rule: limit,
  },
};

export function quotaRoutes(quotas: Quotas): Routes {
  return {
    'GET /v2/lbaas/quotas/defaults': ({ token }) => {
      mayChange(token);
      return ok({ quota: unlimited });
    },
    'GET /v2/lbaas/quotas/:': (call, [project = '']) => show(quotas, call, project),
    'PUT /v2/lbaas/quotas/:': ({ token, body }, [project = '']) => {
      mayChange(token);
      const given = Object.entries(readEnvelope(body, 'quota', shape)).filter(([, value]) => value !== null);
      return { status: 202, body: { quota: quotas.set(project, Object.fromEntries(given)) } };
    },
    'DELETE /v2/lbaas/quotas/:': ({ token }, [project = '']) => {
      mayChange(token);
      quotas.reset(project);
      return accepted;
    },
  };
}

function show(quotas: Quotas, { token }: Call, project: string): Answer {
  mayRead(token);
  if (project !== token.project.id && !isAdministrator(token)) throw policyDenied();
  return ok({ quota: quotas.of(project) });
}

function mayChange(token: Call['token']): void {
  if (!isAdministrator(token) && !token.user.roles.includes('load-balancer_quota_admin')) throw policyDenied();
}
