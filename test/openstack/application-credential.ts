import { stringify } from 'yaml';
import { z } from 'zod';
import { runCommand } from '../kubernetes/command.ts';
import type { Lab } from './lab.ts';

/** A secret that a user of the cloud made for a program, and can take back. */
export interface ApplicationCredential {
  /** A clouds.yaml whose only cloud is `openstack`. */
  readonly cloudsYaml: string;
  /** The cloud accepts it no more, nor the tokens that it gave. */
  revoke(): Promise<void>;
}

const answerSchema = z.object({ id: z.string(), secret: z.string() });

/** Makes one for tenant-a, by the cloud's own command line as a person would. */
export async function applicationCredential(lab: Lab, name: string): Promise<ApplicationCredential> {
  const command = (...args: readonly string[]): Promise<string> =>
    runCommand({
      program: '/usr/bin/openstack',
      args: ['application', 'credential', ...args],
      env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml, OS_CLOUD: 'tenant-a', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      seconds: 60,
    });
  await command('delete', name).catch(() => ''); // one that an earlier run left
  const { id, secret } = answerSchema.parse(JSON.parse(await command('create', name, '-f', 'json')));
  const auth = { auth_url: lab.endpoints[0], application_credential_id: id, application_credential_secret: secret };
  const cloud = { auth_type: 'v3applicationcredential', auth, region_name: 'RegionOne' };
  return {
    cloudsYaml: stringify({ clouds: { openstack: cloud } }),
    revoke: async () => void (await command('delete', id)),
  };
}
