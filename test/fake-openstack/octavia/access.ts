import type { Call, Routes } from '../http.ts';
import type { Token } from '../keystone/identity.ts';
import { octaviaNotFound, plainRefusal, policyDenied } from '../refusal.ts';
import { type Kind, quotaNames, type Records, resourceNames } from './records.ts';
import type { Tables } from './tables.ts';

export function isAdministrator({ user }: Token): boolean {
  return user.roles.includes('load-balancer_admin') || user.roles.includes('admin');
}

/** Without any of Octavia's roles nothing is allowed. */
export function mayRead(token: Token): void {
  const { roles } = token.user;
  const words = ['load-balancer_observer', 'load-balancer_global_observer', 'load-balancer_member'];
  if (!isAdministrator(token) && !words.some((role) => roles.includes(role))) throw policyDenied();
}

export function seesEverything(token: Token): boolean {
  return isAdministrator(token) || token.user.roles.includes('load-balancer_global_observer');
}

/** Writes into a project: its member's, or an administrator's. */
export function mayWrite(token: Token, projectId: string): void {
  const member = token.user.roles.includes('load-balancer_member') && token.project.id === projectId;
  if (!member && !isAdministrator(token)) throw policyDenied();
}

export function administratorOnly(token: Token): void {
  if (!isAdministrator(token)) throw policyDenied();
}

/** 404 for what is not there, 403 for what belongs to somebody else. */
export function readable<K extends Kind>(tables: Tables, { token }: Call, kind: K, id: string): Records[K] {
  const record = there(tables, kind, id);
  mayRead(token);
  if (record.project_id !== token.project.id && !seesEverything(token)) throw policyDenied();
  return record;
}

export function writable<K extends Kind>(tables: Tables, { token }: Call, kind: K, id: string): Records[K] {
  const record = there(tables, kind, id);
  mayWrite(token, record.project_id);
  return record;
}

export function there<K extends Kind>(tables: Tables, kind: K, id: string): Records[K] {
  const record = tables.of(kind).get(id);
  if (record === undefined) throw octaviaNotFound(quotaNames[kind], id);
  return record;
}

/** Routes below an object, which the router looks for first: it has another envelope for what is not there. */
export function below(tables: Tables, kind: Kind, routes: Routes): Routes {
  return Object.fromEntries(
    Object.entries(routes).map(([route, answer]) => [
      route,
      (call, ids) => {
        const [id = ''] = ids;
        if (tables.of(kind).get(id) === undefined)
          throw plainRefusal(404, 'Bad Request', `${resourceNames[kind]} ${id} not found.`);
        return answer(call, ids);
      },
    ]),
  ) satisfies Routes;
}
