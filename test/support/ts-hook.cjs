// `node -r ts-hook.cjs file.ts`: runs the sources as they are, for tests that need a process of their own.
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
require('reflect-metadata');

const jsc = {
  target: 'es2022',
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true },
};
const { version } = require('@swc/core/package.json');
const options = { jsc, module: { type: 'commonjs' }, sourceMaps: 'inline' };
const cache = process.env.NODE_COMPILE_CACHE && path.join(process.env.NODE_COMPILE_CACHE, 'ts');
if (cache) mkdirSync(cache, { recursive: true });

/** As JavaScript; kept beside what Node has compiled, where it keeps that. */
function transformed(file) {
  const source = readFileSync(file, 'utf8');
  const make = () => require('@swc/core').transformSync(source, { filename: file, ...options }).code;
  if (!cache) return make();
  const hashOf = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex');
  const kept = path.join(cache, `${hashOf(file)}.js`); // one for each file: the next version takes its place
  const mark = `\n// ${hashOf(version, JSON.stringify(options), source)}`;
  const before = existsSync(kept) ? readFileSync(kept, 'utf8') : '';
  if (before.endsWith(mark)) return before;
  const code = make() + mark;
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept); // whole, whoever else writes it
  return code;
}
Module._extensions['.ts'] = (module, file) => module._compile(transformed(file), file);

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const source =
    /^\.{1,2}\/.*\.js$/.test(request) &&
    path.resolve(path.dirname(parent?.filename ?? '.'), request.replace(/\.js$/, '.ts'));
  return source && existsSync(source) ? source : resolve.call(this, request, parent, ...rest);
};
