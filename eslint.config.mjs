// @ts-check
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.data', 'coverage'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'sandbox/**/*.ts', 'scripts/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-debugger': 'error',
      'no-duplicate-imports': 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-unreachable': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],

      // Exceptions from strictTypeChecked, each with its reason.
      // noUncheckedIndexedAccess asks for `!` where a statement or an expression always gives the row or the group.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Numbers and truth values read in texts as they are; objects do not.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      // `return done()` ends a callback, and `() => call()` is one.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      // Nest's modules are classes that a decorator says everything about.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      // Entities and DTOs are classes of plain members, made and copied as objects.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Declarations that add to a package's interface.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    files: ['test/**/*.ts', 'sandbox/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      'no-console': 'off',
      // Loops pause by `await sleep()`.
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    // Tests look into answers whose shape is what they are about, and Jest's matchers are `any`.
    files: ['test/**/*.ts', 'src/**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // `return expect(…)` ends a test.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Files that are found by a search.
      '@typescript-eslint/no-require-imports': 'off',
      // What a failed set-up left undefined is still taken down.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // A stand-in has the signature of what it stands for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // The types of class-validator and class-transformer promise more than their metadata hold.
    files: ['src/http/binding/*.ts'],
    rules: {
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Who writes a rule names the class that it looks at.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    // Commands that are run by hand and answer on the terminal.
    files: ['src/bin/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Plain JavaScript: what runs on Nodes without TypeScript, and measurements that need packages of their own.
    files: ['scripts/**/*.mjs', 'bench/**/*.mjs'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-debugger': 'error',
      'no-duplicate-imports': 'error',
      'no-undef-init': 'error',
      'no-unreachable': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
);
