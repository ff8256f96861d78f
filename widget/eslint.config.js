import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const STORES_NOTHING = 'The widget stores nothing in the browser: its state is in the address.';
const CSP = 'A strict Content-Security-Policy refuses it.';
const NO_MARKUP = 'Text of the directory is never markup.';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { lit, wc },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...lit.configs['flat/recommended'].rules,
      ...wc.configs['flat/recommended'].rules,
      'lit/no-template-map': 'off',
      'lit/no-legacy-template-syntax': 'error',
      'lit/no-template-bind': 'error',
      'lit/no-value-attribute': 'error',
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 60 }],
      eqeqeq: 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-globals': [
        'error',
        ...['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore'].map((name) => ({
          name,
          message: STORES_NOTHING,
        })),
        ...['eval', 'Function'].map((name) => ({ name, message: CSP })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'document', property: 'cookie', message: STORES_NOTHING },
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({ property, message: NO_MARKUP })),
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'lit/directives/unsafe-html.js', message: NO_MARKUP },
            { name: 'lit/directives/unsafe-svg.js', message: NO_MARKUP },
            { name: 'lit/directives/style-map.js', message: CSP },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TaggedTemplateExpression TemplateElement[value.raw=/\\sstyle=/]', message: CSP },
      ],
    },
  },
  {
    files: ['tests/*.ts'],
    // Tests look at the stores that the widget leaves alone.
    rules: { 'max-lines-per-function': 'off', 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['scripts/**/*.mjs', 'map-data/*.mjs', '*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly' } },
  },
);
