import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labState, openLab } from '../openstack/lab.ts';
import type { Place } from './cloud-under-test.ts';

/** The lab's real services. It is started where it does not run, and left running: others use it after the contract. */
export async function labPlace(): Promise<Place> {
  const lab = await openLab({ nodes: 0, progress: () => undefined });
  const file = join(labState, 'faults.json');
  const write = async (faults: object) => {
    await writeFile(`${file}.new`, JSON.stringify(faults));
    await rename(`${file}.new`, file); // the drivers read it at every call
  };
  return {
    cloudsYaml: await readFile(lab.cloudsYaml, 'utf8'),
    faults: {
      delay: (lb, seconds) => write({ lb, delay: seconds }),
      failNext: (lb) => write({ lb, fail: ['update', 'post_vip_plug', 'delete'], times: 1 }),
      clear: () => rm(file, { force: true }),
    },
    close: async () => rm(file, { force: true }),
  };
}
