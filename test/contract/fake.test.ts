import { afterAll, beforeAll, jest } from '@jest/globals';
import { type CloudUnderTest, openCloud } from './cloud-under-test.ts';
import { contractCases } from './contract-cases.ts';
import { fakePlace } from './fake-place.ts';
import { wedgeCases } from './wedge-cases.ts';

jest.setTimeout(60_000);

let cloud: CloudUnderTest;
beforeAll(async () => {
  cloud = await openCloud(await fakePlace());
});

contractCases(() => cloud);
wedgeCases(() => cloud);
// behind the cases' own: they remove in the background what they made
afterAll(() => cloud?.close());
