import { spawn } from 'node:child_process';
import { connect, createServer, Server } from 'node:net';
import { parseArgs } from 'node:util';
import { enterNamespace } from './in-namespace.ts';

/**
 * Serves, inside a network namespace, addresses that lead outside of it:
 *   node forward.ts --dir DIR NAMESPACE (LISTEN_HOST LISTEN_PORT TO_HOST TO_PORT)...
 * A listening socket belongs to the namespace in which it was opened, whoever accepts on it: a helper opens it there, hands it
 * over and goes. `--dir` only marks the command line, by which stop finds its process.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { helper: { type: 'boolean', default: false }, dir: { type: 'string' } },
});

if (values.helper) openAndHandOver(positionals);
else {
  const [namespace = '', ...ways] = positionals;
  for (let at = 0; at < ways.length; at += 4) await forward(namespace, ways.slice(at, at + 4));
}

function openAndHandOver([host, port]: readonly string[]): void {
  const server = createServer();
  server.listen({ host, port: Number(port), exclusive: true }, () =>
    // the sender keeps a copy of the socket; it has to close it, or half of the connections would wait in it for ever
    process.send?.({}, server, {}, () => {
      server.close();
      process.disconnect();
    }),
  );
}

async function forward(
  namespace: string,
  [host = '', port = '', toHost = '', toPort = '']: readonly string[],
): Promise<void> {
  const [program = '', ...args] = enterNamespace(namespace, [
    process.execPath,
    import.meta.filename,
    '--helper',
    host,
    port,
  ]);
  const helper = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const server = await new Promise<Server>((resolve, reject) => {
    helper.once('exit', (code) => reject(new Error(`no listener on ${host}:${port} in ${namespace}: ${code}`)));
    helper.once('message', (_, handle) => {
      if (handle instanceof Server) resolve(handle);
      else reject(new Error('the helper sent no socket'));
    });
  });
  server.on('connection', (near) => {
    const far = connect(Number(toPort), toHost);
    const drop = (): void => {
      near.destroy();
      far.destroy();
    };
    near.on('error', drop).on('close', drop).pipe(far);
    far.on('error', drop).on('close', drop).pipe(near);
  });
}
