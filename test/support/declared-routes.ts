import { RequestMethod, type INestApplication } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';

export interface DeclaredRoute {
  readonly method: string;
  /** As Fastify has it, e.g. `/henkilo/:oid`. */
  readonly path: string;
  readonly type: { readonly name: string; readonly prototype: object };
  readonly name: string;
  /** Carries the metadata of the decorators. */
  readonly handler: object;
}

/** Every route that the controllers declare. */
export function declaredRoutes(app: INestApplication): DeclaredRoute[] {
  const types = [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype as unknown as { name: string; prototype: object }),
  );
  return types.flatMap((type) => Object.getOwnPropertyNames(type.prototype).flatMap((name) => routesOf(type, name)));
}

function routesOf(type: { name: string; prototype: object }, name: string): DeclaredRoute[] {
  const handler = Object.getOwnPropertyDescriptor(type.prototype, name)?.value as object;
  const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
  if (method === undefined) return [];
  const bases = [Reflect.getMetadata(PATH_METADATA, type)].flat() as string[];
  const ends = [Reflect.getMetadata(PATH_METADATA, handler)].flat() as string[];
  return bases.flatMap((base) =>
    ends.map((end) => {
      const path = `/${base}/${end}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
      return { method: RequestMethod[method], path, type, name, handler };
    }),
  );
}
