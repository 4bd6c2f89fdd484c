import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Doors of the house: a package on the left may be imported only by the folders on the right. See ARCHITECTURE.md.
const doors = [
  { packages: ['pg', 'pg/*', 'drizzle-orm/node-postgres', 'drizzle-orm/node-postgres/*'], rooms: ['libs/postgres'] },
  { packages: ['ioredis'], rooms: ['libs/redis'] },
  { packages: ['@grpc/*'], rooms: ['libs/rpc'] },
  { packages: ['@connectrpc/*'], rooms: ['services/gateway'] },
  {
    packages: ['/openai', '/openai/*', '@anthropic-ai/*', '@azure/openai'],
    rooms: ['services/ai-orchestrator/src/providers', 'services/standalone/test'],
  },
];
// BullMQ itself is allowed in jobs; each of its backends belongs to the lib of its store.
const bullmqDoors = [
  { importNames: ['createPostgresBackend', 'PostgresBackend'], rooms: ['libs/postgres'] },
  { importNames: ['createRedisBackend', 'RedisBackend', 'RedisConnection'], rooms: ['libs/redis'] },
];

/** Restricted imports as seen from `room`, or from a folder that has no door of its own. */
function restrictedImports(room) {
  return {
    patterns: doors
      .filter((door) => room === undefined || !door.rooms.includes(room))
      .map((door) => ({ group: door.packages, message: `Only ${door.rooms.join(', ')} may import this.` })),
    paths: [
      { name: 'node:process', message: 'Only main.ts and libs/config touch process; take what you need as an argument.' },
      ...bullmqDoors
        .filter((door) => room === undefined || !door.rooms.includes(room))
        .map((door) => ({ name: 'bullmq', importNames: door.importNames, message: `Only ${door.rooms.join(', ')} may import this.` })),
    ],
  };
}
const rooms = [...new Set([...doors, ...bullmqDoors].flatMap((door) => door.rooms))];

const layers = [0, 1, 2, 3, 4];
const depConstraints = [
  ...layers.map((layer) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: layers.filter((lower) => lower < layer).map((lower) => `layer:${lower}`),
  })),
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['layer:0', 'layer:1', 'layer:2', 'layer:3'] },
  { sourceTag: 'type:standalone', onlyDependOnLibsWithTags: ['layer:0', 'layer:1', 'layer:2', 'layer:3', 'type:service'] },
];
const testkitCycles = [
  'auth',
  'client',
  'config',
  'contract',
  'errors',
  'lifecycle',
  'observe',
  'postgres',
  'redis',
  'resilience',
  'rpc',
  'scoring',
].map((lib) => ['@quotemaster/testkit', `@quotemaster/${lib}`]);
const boundaries = (constraints) => [
  'error',
  // Layers leave no room for a cycle; the graph's own search would stumble over tests, which import testkit, which imports every lib.
  {
    allow: [],
    ignoredCircularDependencies: testkitCycles,
    enforceBuildableLibDependency: false,
    checkDynamicDependenciesExceptions: [],
    depConstraints: constraints,
    banTransitiveDependencies: true,
  },
];

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '**/gen/', '.nx/', '.data/', 'deploy/**/*.json'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.ts'] }, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      'no-restricted-imports': ['error', restrictedImports()],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only main.ts and libs/config touch process; take what you need as an argument.' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  ...rooms.map((room) => ({ files: [`${room}/**/*.ts`], rules: { 'no-restricted-imports': ['error', restrictedImports(room)] } })),
  {
    files: [
      '**/main.ts',
      'libs/observe/src/register.ts',
      'scripts/**',
      'deploy/**',
      'libs/contract/codegen/**',
      'libs/client/codegen/**',
      '*.config.js',
      '**/*.test.ts',
      '**/test/**',
      'libs/testkit/**',
    ],
    rules: { 'no-restricted-globals': 'off', 'no-console': 'off' },
  },
  {
    // Tests may look at anything of ours but other services' insides, and are looser with types they break on purpose.
    files: ['**/*.test.ts', '**/test/**', 'libs/testkit/**'],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      'require-yield': 'off',
    },
  },
  { files: ['services/gateway/src/http/assets/*.js'], languageOptions: { globals: { window: 'readonly', SwaggerUIBundle: 'readonly' } } },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked], languageOptions: { globals: { process: 'readonly' } } },
);
