// One project per layer of proof. `make unit`, `make contract`, ... select them; `make test` runs them all.
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
};
const project = (displayName, testMatch) => ({ ...common, displayName, testMatch });

export default {
  // a machine may be six times slower than another; a test that hangs still ends
  testTimeout: 120_000,
  projects: [
    project('unit', ['<rootDir>/operator/**/*.test.ts', '<rootDir>/openstack-sdk-lite/**/*.test.ts', '<rootDir>/test/support/**/*.test.ts', '<rootDir>/test/fake-openstack/**/*.test.ts', '<rootDir>/test/traps/**/*.test.ts']),
    project('golden', ['<rootDir>/test/golden/**/*.test.ts']),
    project('contract', ['<rootDir>/test/contract/**/*.test.ts']),
    project('integration', ['<rootDir>/test/integration/**/*.test.ts']),
    project('chaos', ['<rootDir>/test/chaos/**/*.test.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts']),
  ],
};
