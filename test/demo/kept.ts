import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runningPid } from '../kubernetes/programs.ts';
import { operatorCommand, operatorEnvironment } from '../support/operator-process.ts';
import { userAgent } from '../../operator/version.ts';
import { demoDir, type World } from './world.ts';

/** build/demo.env: how other programs reach a demo that was left running. A shell can source it. */
export async function writeEnvironment(file: string, world: World): Promise<void> {
  const { lab, controlPlane, operator } = world;
  const environment = operatorEnvironment(operator);
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const values = {
    KUBECONFIG: controlPlane.kubeconfigPath,
    ...environment,
    CLIENT_EXEC: lab.clientExec.join(' '),
    CLOUD_LOG: lab.accessLog,
    KUBECTL: join(controlPlane.bin, 'kubectl'),
    OPERATOR_PID: String((await runningPid(demoDir, 'operator')) ?? ''),
    OPERATOR_AGENT: userAgent,
    OPERATOR_RUN: ['env', ...assignments, ...(await operatorCommand(operator))].join(' '),
    NODE_IMPORT: [process.execPath, join(import.meta.dirname, 'node-import.ts')].join(' '),
  };
  const lines = Object.entries(values).map(([name, value]) => `export ${name}=${quoted(value)}`);
  await writeFile(file, `${lines.join('\n')}\n`);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
