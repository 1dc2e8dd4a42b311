import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { kubeOver } from './kube-request.ts';
import { PooledKubeConfig } from './pooled-kube-config.ts';

let dir: string;
let server: Server;
const tokens: (string | undefined)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'octopool-token-'));
  server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});

test('a token that was exchanged is used by the very next request', async () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const tokenFile = join(dir, 'token');
  const config = new PooledKubeConfig();
  config.loadFromClusterAndUser(
    { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'pod', authProvider: { name: 'tokenFile', config: { tokenFile } } }, // as in a Pod
  );
  const ask = () => kubeOver(config).json({ method: 'GET', path: '/version', signal: new AbortController().signal });
  await writeFile(tokenFile, 'first');
  await ask();
  await writeFile(tokenFile, 'second\n');
  await ask();
  await config.close();
  expect(tokens).toEqual(['Bearer first', 'Bearer second']);
});
