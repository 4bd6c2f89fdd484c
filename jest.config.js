/** One Jest run for the whole repository; `nx test <project>` runs one project's part of it. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{libs,services,scripts,deploy}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.data/', '<rootDir>/.nx/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  maxWorkers: 2,
  testTimeout: 20_000,
};
