import { afterAll, beforeAll, jest } from '@jest/globals';
import { type CloudUnderTest, openCloud } from './cloud-under-test.ts';
import { contractCases } from './contract-cases.ts';
import { labPlace } from './lab-place.ts';

jest.setTimeout(300_000);

let cloud: CloudUnderTest;
beforeAll(async () => {
  cloud = await openCloud(await labPlace());
}, 1_800_000);

contractCases(() => cloud);
// behind the cases' own: they remove in the background what they made
afterAll(() => cloud?.close());
