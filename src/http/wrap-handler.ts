import { Inject } from '@nestjs/common';

/** A controller method seen from a decorator: `this` is the controller. */
export type Handler = (this: object, ...args: unknown[]) => unknown;

/**
 * Replaces a controller method by a wrapper that keeps its name and every metadata set so far, so that Nest's
 * decorators work above and below.
 */
export function wrapHandler(descriptor: PropertyDescriptor, wrap: (original: Handler) => Handler): void {
  const original = descriptor.value as Handler;
  const wrapper = wrap(original);
  if (wrapper === original) return;
  for (const name of Reflect.getMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(name, Reflect.getMetadata(name, original), wrapper);
  }
  Object.defineProperty(wrapper, 'name', { value: original.name, configurable: true });
  descriptor.value = wrapper;
}

/** Injects a dependency into the controller under `key`, without its constructor. Repeating it does nothing. */
export function injectInto(target: object, key: symbol, type: abstract new (...args: never[]) => unknown): void {
  if (Reflect.hasOwnMetadata(key, target)) return;
  Reflect.defineMetadata(key, true, target);
  Inject(type)(target, key);
}
