import { Command } from 'commander';
import { expect, test } from '@jest/globals';
import { operatorOptions, readConfig } from './config.ts';

function userAgent(...argv: readonly string[]): string | undefined {
  const command = operatorOptions(new Command(), 'host').parse(argv, { from: 'user' });
  return readConfig(command.opts(), {}).userAgent;
}

test('what is to stand in the User-Agent is taken as one word, and refused when it could be more', () => {
  expect(userAgent()).toBeUndefined();
  expect(userAgent('--user-agent', 'prod/eu-1')).toBe('prod/eu-1');
  for (const bad of ['', 'two words', 'a\r\nX-Auth-Token:b', 'x'.repeat(65)])
    expect(() => userAgent('--user-agent', bad)).toThrow(
      '--user-agent: use at most 64 letters, digits and any of . _ : / -',
    );
});
