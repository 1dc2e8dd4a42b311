import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { labState, openLab } from '../openstack/lab.ts';
import { type Place, tenantsOf } from './cloud-under-test.ts';

const cloudsSchema = z.object({ clouds: z.record(z.string(), z.unknown()) });

/** The lab's real services. It is started where it does not run, and left running: others use it too. Its own tenants keep it out of their way. */
export async function labPlace(): Promise<Place> {
  const lab = await openLab({ nodes: 0, progress: () => undefined });
  const file = join(labState, 'faults.json');
  const write = async (faults: object) => {
    await writeFile(`${file}.new`, JSON.stringify(faults));
    await rename(`${file}.new`, file); // the drivers read it at every call
  };
  return {
    cloudsYaml: asTenants(await readFile(lab.cloudsYaml, 'utf8')),
    tenants: tenantsOf('contract', 30),
    faults: {
      delay: (lb, seconds) => write({ lb, delay: seconds }),
      failNext: (lb) => write({ lb, fail: ['update', 'post_vip_plug', 'delete'], times: 1 }),
      clear: () => rm(file, { force: true }),
    },
    close: async () => rm(file, { force: true }),
  };
}

/** contract-a stands for tenant-a, and so on: the entries under the names that the cases know. */
function asTenants(text: string): string {
  const { clouds } = cloudsSchema.parse(parse(text));
  const named = Object.entries(clouds).flatMap(([name, entry]) => {
    if (name.startsWith('contract-')) return [[name.replace('contract-', 'tenant-'), entry]];
    return name === 'admin' ? [[name, entry]] : [];
  });
  return stringify({ clouds: Object.fromEntries(named) });
}
