const featureModules = ['webhook', 'queue', 'admin', 'feed'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-production',
      comment: 'The production install leaves the dev dependencies out; types alone may come from them.',
      severity: 'error',
      from: { path: '^(src|ormconfig)' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/@types/',
      },
    },
    ...featureModules.map((name) => ({
      name: `${name}-knows-no-other-feature`,
      comment: 'Features meet in entities, moderation, database, live, auth and pages.',
      severity: 'error',
      from: { path: `^src/${name}/` },
      to: { path: `^src/(${featureModules.filter((other) => other !== name).join('|')})/` },
    })),
    {
      name: 'moderation-is-pure',
      severity: 'error',
      from: { path: '^src/moderation/' },
      to: { pathNot: ['^src/moderation/', '^(node:)?crypto$', '^node_modules/tinyld/'] },
    },
    {
      name: 'entities-are-tables-only',
      severity: 'error',
      from: { path: '^src/entities/' },
      to: { pathNot: ['^src/(entities|moderation)/', '^node_modules/typeorm/'] },
    },
    {
      name: 'shared-rooms-know-no-feature',
      severity: 'error',
      from: { path: '^src/(database|live|auth|pages)/' },
      to: { path: `^src/(${[...featureModules, 'operations'].join('|')})/` },
    },
    {
      name: 'settings-stand-alone',
      severity: 'error',
      from: { path: '^src/(settings|kept-secret-key)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/kept-secret-key\\.ts$' },
    },
    {
      name: 'nobody-imports-the-entry',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'nobody-imports-the-import',
      comment: 'It is a program above all features; what it shares with them lies with them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/import/' },
      to: { path: '^src/import/' },
    },
    {
      name: 'production-code-knows-no-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
