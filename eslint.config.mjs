import globals from 'globals';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'data/', 'coverage/', '.cache/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-require-imports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
    },
  },
  {
    files: ['src/**/*.ts', 'ormconfig.ts'],
    ignores: ['src/settings.ts'],
    rules: {
      // One place reads what comes from outside, so that every fault of it is told at start.
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/settings.ts reads the environment.' },
      ],
      'no-restricted-imports': ['error', { paths: [{ name: 'dotenv', message: 'Only src/settings.ts reads .env.' }] }],
    },
  },
  {
    files: ['src/moderation/**/*.ts'],
    rules: {
      // Pure: what time it is, is told.
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/settings.ts reads the environment.' },
        { object: 'Date', property: 'now', message: 'moderation/ has no clock: take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'moderation/ is deterministic.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // What a server answers is unknown until a test has looked at it.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['public/js/**/*.js'], languageOptions: { sourceType: 'module', globals: globals.browser } },
  { files: ['**/*.mjs'], languageOptions: { sourceType: 'module', globals: globals.node } },
  { files: ['*.js', '*.cjs', 'test/**/*.js'], languageOptions: { sourceType: 'commonjs', globals: globals.node } },
  { files: ['scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
);
