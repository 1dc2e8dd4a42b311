import { afterAll, beforeAll, jest } from '@jest/globals';
import { type CloudUnderTest, openCloud } from './cloud-under-test.ts';
import { contractCases } from './contract-cases.ts';
import { labPlace } from './lab-place.ts';

jest.setTimeout(300_000);

let cloud: CloudUnderTest;
beforeAll(async () => {
  cloud = await openCloud(await labPlace());
}, 1_800_000);
afterAll(() => cloud?.close());

contractCases(() => cloud);
