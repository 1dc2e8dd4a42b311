import { z } from 'zod';
import { noContent, ok, type Routes } from '../http.ts';
import { forbidden, isAdministrator, readNeutron } from './common.ts';
import type { NeutronQuota } from './records.ts';
import type { NeutronTables } from './tables.ts';

const limit = z.number().int().optional();
const quotaBody = z.strictObject({
  network: limit,
  subnet: limit,
  port: limit,
  floatingip: limit,
  security_group: limit,
  security_group_rule: limit,
});

export function neutronQuotaRoutes(tables: NeutronTables): Routes {
  return {
    'GET /v2.0/quotas/:': (call, [project = '']) => {
      if (!isAdministrator(call.token) && call.token.project.id !== project) throw forbidden();
      return ok({ quota: tables.quotaOf(project) });
    },
    'PUT /v2.0/quotas/:': (call, [project = '']) => {
      if (!isAdministrator(call.token)) throw forbidden();
      const given = Object.entries(readNeutron(call.body, 'quota', quotaBody)).filter(([, one]) => one !== undefined);
      const quota: NeutronQuota = { ...tables.quotaOf(project), ...Object.fromEntries(given) };
      tables.quotas.set(project, quota);
      return ok({ quota });
    },
    'DELETE /v2.0/quotas/:': (call, [project = '']) => {
      if (!isAdministrator(call.token)) throw forbidden();
      tables.quotas.delete(project);
      return noContent;
    },
  };
}
