import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type AdminRequest, adminClient } from './admin-client.ts';
import { runCommand } from './command.ts';
import {
  apiserverCommand,
  auditLogFile,
  controllerManagerCommand,
  egressSocket,
  keysDir,
  type Layout,
} from './control-plane-commands.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { startProgram, stopProgram } from './programs.ts';

/** A running control plane. */
export type ControlPlane = {
  readonly dir: string;
  /** Folder of Kubernetes' programs. */
  readonly bin: string;
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** Of the cluster's admin. */
  readonly kubeconfigPath: string;
  /** Folder with `ca.crt` and the clients' keys. */
  readonly keys: string;
  readonly auditLogPath: string;
  /** Where the API server looks for its way to kubelets and pods (with real nodes). */
  readonly egressSocket: string;
  /** One request as admin. */
  readonly request: AdminRequest;
  /** Runs kubectl as admin, answers with its standard output; throws with its standard error. Deadline 60 s. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  /** Writes a kubeconfig with a token of that ServiceAccount, good for 24 hours, and answers with its path. */
  readonly serviceAccountKubeconfig: (namespace: string, name: string) => Promise<string>;
  /** Kills a program as a crash would. Its data stay. */
  readonly crash: (program: 'kube-apiserver' | 'kube-controller-manager') => Promise<void>;
  /** Starts a crashed program again, on its old port; does not wait until it is ready. */
  readonly revive: (program: 'kube-apiserver' | 'kube-controller-manager') => Promise<void>;
  /** Kills all of it, and removes its folder if that was a temporary one. */
  readonly stop: () => Promise<void>;
};

const tokenSeconds = 24 * 3600;
const tokenRequestSchema = z.object({ status: z.object({ token: z.string() }) });

/** The handle for the control plane that runs as `layout` says. */
export async function controlPlaneIn(layout: Layout, folder: 'temporary' | 'given'): Promise<ControlPlane> {
  const { dir, bin, apiPort } = layout;
  const url = `https://127.0.0.1:${apiPort}`;
  const kubeconfigPath = join(dir, 'kubeconfig');
  const request = await adminClient(url, keysDir(dir));
  return {
    dir,
    bin,
    url,
    kubeconfigPath,
    keys: keysDir(dir),
    auditLogPath: auditLogFile(dir),
    egressSocket: egressSocket(dir),
    request,
    kubectl: (args, input) => {
      // Its cache of API groups would else go to the user's home, and be shared by clusters on the same port.
      const env = { KUBECONFIG: kubeconfigPath, KUBECACHEDIR: join(dir, 'kubectl-cache') };
      const command = { program: join(bin, 'kubectl'), args, env, seconds: 60 };
      return runCommand(input === undefined ? command : { ...command, input });
    },
    serviceAccountKubeconfig: (namespace, name) => tokenKubeconfig({ dir, url, request, namespace, name }),
    crash: (program) => stopProgram(dir, program, 'SIGKILL'),
    revive: (program) => {
      const command = program === 'kube-apiserver' ? apiserverCommand(layout) : controllerManagerCommand(layout);
      return startProgram({ name: program, dir, command, lifetime: 'harness' });
    },
    stop: async () => {
      await stopControlPlane(dir);
      if (folder === 'temporary') await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Kills what runs in `dir`. Its state stays. KILL, not TERM: a TERM makes kube-apiserver drain first. */
export async function stopControlPlane(dir: string): Promise<void> {
  for (const name of ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd']) {
    await stopProgram(resolve(dir), name, 'SIGKILL');
  }
}

type TokenOrder = {
  readonly dir: string;
  readonly url: string;
  readonly request: AdminRequest;
  readonly namespace: string;
  readonly name: string;
};

async function tokenKubeconfig({ dir, url, request, namespace, name }: TokenOrder): Promise<string> {
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: tokenSeconds },
  };
  const answer = await request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, body);
  if (answer.status !== 201) throw new Error(`no token for ${namespace}/${name}: ${JSON.stringify(answer.body)}`);
  const { token } = tokenRequestSchema.parse(answer.body).status;
  const path = join(dir, `${namespace}.${name}.kubeconfig`);
  await writeKubeconfig({ path, server: url, keys: keysDir(dir), identity: { kind: 'token', name, token }, namespace });
  return path;
}
