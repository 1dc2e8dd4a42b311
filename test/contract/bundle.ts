import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../kubernetes/command.ts';

/** A fresh key with its certificate as PKCS#12, in base64; `password` may be empty, as Octavia wants it. */
export async function bundle(password: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'octopool-bundle-'));
  const at = (name: string) => join(folder, name);
  try {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      at('key'),
      '-out',
      at('crt'),
      '-subj',
      '/CN=contract',
      '-days',
      '2',
    );
    const into = ['-inkey', at('key'), '-in', at('crt'), '-out', at('p12'), '-passout', `pass:${password}`];
    await openssl('pkcs12', '-export', ...into);
    return (await readFile(at('p12'))).toString('base64');
  } finally {
    await rm(folder, { recursive: true });
  }
}

function openssl(...args: readonly string[]): Promise<string> {
  return runCommand({ program: 'openssl', args });
}
