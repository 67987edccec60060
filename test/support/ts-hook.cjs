// `node -r ts-hook.cjs file.ts`: runs the sources as they are, for tests that need a process of their own.
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');
require('reflect-metadata');

const jsc = {
  target: 'es2022',
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true },
};
Module._extensions['.ts'] = (module, file) => {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    jsc,
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, file);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const source =
    /^\.{1,2}\/.*\.js$/.test(request) &&
    path.resolve(path.dirname(parent?.filename ?? '.'), request.replace(/\.js$/, '.ts'));
  return source && existsSync(source) ? source : resolve.call(this, request, parent, ...rest);
};
