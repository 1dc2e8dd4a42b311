import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';

/** A certificate signed by the test authority. */
type Certificate = { readonly name: string; readonly subject: string; readonly extensions: readonly string[] };

const certificates: readonly Certificate[] = [
  {
    name: 'apiserver',
    subject: '/CN=kube-apiserver',
    extensions: [
      'extendedKeyUsage=serverAuth',
      'subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc',
    ],
  },
  { name: 'admin', subject: '/O=system:masters/CN=admin', extensions: ['extendedKeyUsage=clientAuth'] },
  {
    name: 'kube-controller-manager',
    subject: '/CN=system:kube-controller-manager',
    extensions: ['extendedKeyUsage=clientAuth'],
  },
  { name: 'kube-scheduler', subject: '/CN=system:kube-scheduler', extensions: ['extendedKeyUsage=clientAuth'] },
];

/**
 * Makes all keys of a control plane in `dir`: `ca`, one `<name>.crt` and `<name>.key` per program and person, and the
 * pair `sa.key`, `sa.pub` that signs ServiceAccount tokens. ECDSA: RSA would take seconds.
 */
export async function makeKeys(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await makeKey(dir, 'ca');
  const usage = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,digitalSignature'];
  const authority = ['-subj', '/CN=octopool-test-ca', ...usage.flatMap((line) => ['-addext', line])];
  await openssl(dir, ['req', '-x509', '-new', '-key', 'ca.key', '-days', '3650', '-out', 'ca.crt', ...authority]);
  await Promise.all([...certificates.map((certificate) => makeCertificate(dir, certificate)), makeTokenKeys(dir)]);
}

async function makeCertificate(dir: string, { name, subject, extensions }: Certificate): Promise<void> {
  await makeKey(dir, name);
  await openssl(dir, ['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`]);
  await writeFile(join(dir, `${name}.ext`), `${extensions.join('\n')}\n`);
  // A serial of its own each: a shared counter file would be a race between the parallel signings.
  const signer = [
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-set_serial',
    String(1 + certificates.findIndex((one) => one.name === name)),
  ];
  const output = ['-days', '3650', '-extfile', `${name}.ext`, '-out', `${name}.crt`];
  await openssl(dir, ['x509', '-req', '-in', `${name}.csr`, ...signer, ...output]);
}

async function makeTokenKeys(dir: string): Promise<void> {
  await makeKey(dir, 'sa');
  await openssl(dir, ['ec', '-in', 'sa.key', '-pubout', '-out', 'sa.pub']);
}

async function makeKey(dir: string, name: string): Promise<void> {
  await openssl(dir, ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);
}

// openssl has no option for a working directory, and its file options are many: a shell's `cd` keeps them short.
async function openssl(dir: string, args: readonly string[]): Promise<void> {
  await runCommand({ program: 'sh', args: ['-c', 'umask 077; cd "$0" && exec openssl "$@"', dir, ...args] });
}
