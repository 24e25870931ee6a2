import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const NO_CLOCK = [
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'take the time from the clock that is passed in',
  },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'take the time from the clock that is passed in',
  },
];
const NO_ENVIRONMENT = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'src/config.ts reads the environment; take the configuration that is passed in',
};
const NO_SPREAD = {
  selector: 'CallExpression[callee.property.name=/^(push|unshift)$/] > SpreadElement',
  message: 'a list whose length others choose overflows the stack: add its items one by one',
};
/** Where the outside world begins: these files take the time themselves and pass it on. */
const EDGES = [
  'metrics-service/src/{cli,bench}/**',
  'metrics-service/src/server.ts',
  'metrics-service/src/http/app.ts',
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/coverage/', '.runboard/', 'plugin/.config/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['metrics-service/{src,test,bench}/**/*.ts', 'dashboards/{src,test,e2e}/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['metrics-service/tsconfig.json', 'dashboards/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Express 5 takes handlers that answer a promise
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, properties: false } },
      ],
      // interfaces of async functions are also met by what needs no wait
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['metrics-service/src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...NO_CLOCK, NO_ENVIRONMENT, NO_SPREAD] },
  },
  { files: EDGES, rules: { 'no-restricted-syntax': ['error', NO_ENVIRONMENT, NO_SPREAD], 'no-console': 'off' } },
  {
    files: ['metrics-service/src/config.ts', 'metrics-service/src/cli/{main,surroundings}.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['plugin/{src,e2e}/**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked, reactHooks.configs.flat['recommended-latest']],
    languageOptions: { parserOptions: { project: 'plugin/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // React takes handlers that answer a promise
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false, properties: false } },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['metrics-service/{test,bench}/**/*.ts', 'dashboards/{test,e2e}/**/*.ts'],
    rules: {
      // answers over HTTP are looked into as they are
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'no-console': 'off',
    },
  },
);
