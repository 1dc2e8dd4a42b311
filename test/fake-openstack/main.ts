import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFakeOpenStack } from './fake-openstack.ts';

/**
 * The fake OpenStack as a process of its own, until SIGTERM. In `--dir`: `clouds.yaml`, `access.log`, and, when it listens, `ready` with
 * its URL, to which commands go (remote-control.ts).
 */
const { values } = parseArgs({
  options: { dir: { type: 'string' } },
});
if (values.dir === undefined) {
  console.error('usage: node test/fake-openstack/main.ts --dir DIR');
  process.exit(2);
}
const { dir } = values;
await mkdir(dir, { recursive: true });
const fake = await startFakeOpenStack({ accessLog: join(dir, 'access.log') });
await fake.writeCloudsYaml(dir);
await writeFile(join(dir, 'ready'), fake.url);
console.log(`fake OpenStack: ${fake.authUrl}, clouds.yaml in ${dir}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void fake.stop().then(() => process.exit(0));
  });
