import { join } from 'node:path';
import { runCommand } from '../../kubernetes/command.ts';
import { enterNamespace, inNamespace } from '../../kubernetes/nodes/in-namespace.ts';
import { startProgram, stopProgram, whyDead } from '../../kubernetes/programs.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import type { Lab } from '../../openstack/lab.ts';

/** Servers that end TLS themselves, with one certificate for all. */
export interface TlsServers {
  /** SHA-256, as openssl prints it. */
  readonly fingerprint: string;
  stop(): Promise<void>;
}

/** Starts one on each of the nodes named; any request is answered with a page about the connection. */
export async function startTls(
  lab: Lab,
  dir: string,
  { port, nodes }: { readonly port: number; readonly nodes: readonly string[] },
): Promise<TlsServers> {
  const [key, certificate] = [join(dir, 'passes.key'), join(dir, 'passes.crt')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=passes.example.com', '-days', '2'];
  const args = ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', certificate];
  await runCommand({ program: 'openssl', args });
  const stop = async (): Promise<void> => {
    for (const name of nodes) await stopProgram(dir, `tls-${name}`, 'SIGTERM', 5);
  };
  for (const { name, ns } of lab.nodes.filter((node) => nodes.includes(node.name))) {
    const command = [
      'openssl',
      's_server',
      '-accept',
      String(port),
      '-key',
      key,
      '-cert',
      certificate,
      '-www',
      '-quiet',
    ];
    await startProgram({ name: `tls-${name}`, dir, command: enterNamespace(ns, command), lifetime: 'harness' });
    await listens(dir, `tls-${name}`, { ns, port }).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  }
  const print = ['x509', '-noout', '-fingerprint', '-sha256', '-in', certificate];
  return { fingerprint: (await runCommand({ program: 'openssl', args: print })).trim(), stop };
}

function listens(dir: string, name: string, at: { readonly ns: string; readonly port: number }): Promise<true> {
  return waitFor(`${name} listens`, 60, async () => {
    const dead = await whyDead(dir, name);
    if (dead !== undefined) throw new Error(dead);
    const curl = ['curl', '-k', '-s', '-m', '5', '-o', '/dev/null', `https://127.0.0.1:${at.port}/`];
    return runCommand(inNamespace(at.ns, curl)).then(
      () => true as const,
      () => undefined,
    );
  });
}

/** Of the certificate that a client outside of the cloud is shown at that address. */
export async function shownFingerprint(lab: Lab, address: string, port: number): Promise<string> {
  const [program = '', ...args] = lab.clientExec;
  const client = `timeout 10 openssl s_client -connect ${address}:${port} -servername passes.example.com </dev/null 2>/dev/null`;
  const script = `${client} | openssl x509 -noout -fingerprint -sha256`;
  return (await runCommand({ program, args: [...args, 'sh', '-c', script] })).trim();
}
