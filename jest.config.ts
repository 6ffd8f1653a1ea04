/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Node 22.18+ reads this file natively; Node 20 needs the loader named above. */
const common: Config = {
  testEnvironment: '<rootDir>/server/test/support/same-realm-environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },
  // Workspace packages resolve to their sources; threads and launched servers use dist, so `npm test` builds first.
  testEnvironmentOptions: {
    customExportConditions: ['@likeness/source', 'node', 'node-addons'],
  },
  modulePathIgnorePatterns: ['/dist/'],
};

const config: Config = {
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/*/src/**/*.test.ts'] },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/*/test/**/*.test.ts'] },
  ],
};

export default config;
