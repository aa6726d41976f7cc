/** The house's lint rules as one list. Plain JavaScript, since ESLint reads it before anything is compiled. */
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', '**/stub-*.ts', 'packages/testing/**'];
const toolConfigs = ['*.config.{js,ts}', '**/*.config.{js,ts}', '.dependency-cruiser.cjs'];

/** Where a service's business is decided: no clock, no chance, no outside, no waiting. */
const pure = ['services/*/src/domain/**/*.ts', 'packages/calendar/src/**/*.ts'];

/** The only files that look at the environment. */
const environmentOwners = [
  'packages/service/src/config*.ts',
  'packages/launcher/src/start/settings.ts',
  'packages/launcher/src/main/**',
  'packages/tooling/src/ci.ts',
  'scripts/**',
  'infra/**',
  ...tests,
  ...toolConfigs,
];

const houseSyntax = [
  { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
  { selector: 'ExportAllDeclaration', message: 'Name every export.' },
  {
    selector: 'ClassDeclaration:not([superClass])',
    message: 'Functions and data instead of classes (errors excepted).',
  },
];

const pureSyntax = [
  ...houseSyntax,
  { selector: 'AwaitExpression', message: 'The domain waits for nothing: hand in what it needs.' },
  { selector: ':function[async=true]', message: 'The domain waits for nothing: hand in what it needs.' },
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time arrives in the arguments.' },
];

const pureGlobals = [
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'crypto',
  'performance',
  'console',
];

const clocksAndChance = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['DateTime', 'now'],
  ['DateTime', 'local'],
  ['DateTime', 'utc'],
].map(([object, property]) => ({ object, property, message: 'Time, ids and chance arrive in the arguments.' }));

const environment = [{ object: 'process', property: 'env', message: 'Settings are read in one place (config.ts).' }];

/**
 * @param {string} root the folder with tsconfig.json
 */
export function houseRules(root) {
  return tseslint.config(
    {
      ignores: [
        '**/node_modules/',
        'packages/contracts/src/gen/',
        'packages/*/fixtures/',
        '**/migrations/',
        '.data/',
        '.kafka/',
      ],
    },
    {
      files: ['**/*.ts'],
      extends: [...tseslint.configs.strictTypeChecked],
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    },
    {
      files: ['**/*.{ts,js,mjs,cjs}'],
      rules: {
        'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
        'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
        'max-params': ['error', 4],
        'no-console': 'error',
        eqeqeq: 'error',
        'prefer-const': 'error',
      },
    },
    {
      files: ['**/*.ts'],
      rules: {
        'no-restricted-syntax': ['error', ...houseSyntax],
        'no-restricted-properties': ['error', ...environment],
        '@typescript-eslint/consistent-type-imports': 'error',
        '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
        '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
        '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
        // Ports are objects of functions: nothing here has a `this` that could be lost.
        '@typescript-eslint/unbound-method': 'off',
        // A rejected promise may carry on what it caught, whatever that was.
        '@typescript-eslint/prefer-promise-reject-errors': 'off',
        '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      },
    },
    { files: toolConfigs, rules: { 'no-restricted-syntax': 'off' } },
    { files: environmentOwners, rules: { 'no-restricted-properties': 'off' } },
    { files: tests, rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', 600] } },
    {
      files: pure,
      ignores: ['**/*.test.ts'],
      rules: {
        'no-restricted-syntax': ['error', ...pureSyntax],
        'no-restricted-globals': ['error', ...pureGlobals],
        'no-restricted-properties': ['error', ...environment, ...clocksAndChance],
      },
    },
  );
}
