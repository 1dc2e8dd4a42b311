import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { userAgent, version } from './version.ts';

test('the version is the one of package.json, and the User-Agent tells it to the cloud', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect({ version, userAgent }).toEqual({ version: manifest.version, userAgent: `octopool/${manifest.version}` });
});

test('the image is labelled with it', () => {
  const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
  expect(/^ARG VERSION=(.*)$/m.exec(dockerfile)?.[1]).toBe(version);
});
