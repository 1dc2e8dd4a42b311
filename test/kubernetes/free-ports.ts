import { createServer } from 'node:net';

/** Ports of 127.0.0.1 that were free a moment ago. Another process can take one meanwhile: callers try again then. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => portOf(server)));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject).listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') return reject(new Error('not a TCP port'));
    return resolve(address.port);
  });
  return promise;
}
