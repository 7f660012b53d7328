const { compilerOptions } = require('./tsconfig.json');

// Each file by itself: `npm run check` is what looks at types.
const transpile = (options) => ['ts-jest', { tsconfig: { ...options, isolatedModules: true }, diagnostics: false }];

const common = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/test/support/environment.js',
  transform: {
    '^.+\\.ts$': transpile(compilerOptions),
    // The browser's modules are plain ES modules; jest runs CommonJS.
    '/public/js/.+\\.js$': transpile({ module: 'commonjs', target: 'es2022', allowJs: true }),
  },
};

// Suites that need neither a built server nor a database; everything else waits for both.
const unit = ['moderation', 'settings', 'browser-modules', 'house', 'import'];
const unitFolders = unit.map((folder) => `<rootDir>/test/${folder}/`);

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/support/summary-reporter.js'],
  projects: [
    { ...common, displayName: 'unit', testMatch: unitFolders.map((folder) => `${folder}**/*.spec.ts`) },
    {
      ...common,
      displayName: 'server',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: unitFolders,
      setupFilesAfterEnv: ['<rootDir>/test/support/documented-answers.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
    },
  ],
};
