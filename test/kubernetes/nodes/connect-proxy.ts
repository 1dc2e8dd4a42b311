import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';

/**
 * HTTP CONNECT on a unix socket, dialling from the namespace that this process runs in: the API server's way to kubelets and pods
 * (kubectl logs and exec).
 *   node connect-proxy.ts SOCKET
 */
const [socket = ''] = process.argv.slice(2);
rmSync(socket, { force: true });
const server = createServer((_, response) => response.writeHead(405).end());
server.on('connect', (request, near, head) => {
  const [, host = '', port = ''] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(request.url ?? '') ?? [];
  const far = connect({ host, port: Number(port), timeout: 10_000 });
  const drop = (): void => {
    far.destroy();
    near.destroy();
  };
  far.once('connect', () => {
    far.setTimeout(0);
    near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    far.write(head);
    far.pipe(near).pipe(far);
  });
  far.once('timeout', drop).on('error', drop);
  near.on('error', drop);
});
server.listen(socket);
