// What unit tests take from Jest, for Stryker's runner of Mocha: it loads the tests once and runs them again for each change,
// which takes Jest a second and Mocha some milliseconds.
const { join } = require('node:path');
const { bind } = require('jest-each');

require(join(__dirname, '..', '..', 'test', 'support', 'ts-hook.cjs'));
Object.assign(globalThis, { expect: require('expect').expect });

/** Mocha sets its words when it begins to read a test file. */
const whenSet = (word, then) => {
  let given;
  const set = (value) => then((given = value));
  Object.defineProperty(globalThis, word, { configurable: true, get: () => given, set });
};
for (const word of ['it', 'describe']) whenSet(word, (given) => (given.each ??= bind(given)));
whenSet('before', (before) => Object.assign(globalThis, { beforeAll: before }));
whenSet('after', (after) => Object.assign(globalThis, { afterAll: after }));
