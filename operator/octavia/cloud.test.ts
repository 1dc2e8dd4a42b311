import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { environmentCredentials } from 'openstack-sdk-lite/config/environment';
import { OctaviaCloud } from './cloud.ts';

/** A Keystone that takes connections and says nothing. */
const silent = createServer();
let cloud: OctaviaCloud;

beforeEach(async () => {
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  const address = silent.address();
  cloud = new OctaviaCloud({
    own: environmentCredentials({
      OS_AUTH_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
      OS_USERNAME: 'u',
      OS_PASSWORD: 'p',
      OS_PROJECT_NAME: 'p',
    }),
    region: undefined,
    userAgent: 'test/1',
    beforeWrite: () => {},
    secretText: () => Promise.reject(new Error('no Secret in this test')),
  });
});

afterEach(async () => {
  await cloud.close();
  silent.close();
});

test('at start a cloud that does not answer in time is one that is away, and no reason to end the process', async () => {
  const trouble = await cloud.check(AbortSignal.timeout(50));
  expect(trouble).toEqual({ kind: 'passing', message: 'The cloud did not answer in time.' });
});
