import { HttpCode } from '@nestjs/common';
import { PROPERTY_DEPS_METADATA } from '@nestjs/common/constants.js';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { noteArgument } from '../../http/handler-arguments.js';
import { JsonText } from '../../http/json-text.js';
import type { RouteConfig } from '../../http/route-config.js';
import { StrongAuthentication } from '../strong-authentication/strong-authentication.service.js';
import { Authorize, AuthorizeResult, HANDLER_EXTENSION, POST_RULE, PRE_RULE } from './authorize.decorator.js';
import { PermissionChecker } from './permission-checker.service.js';
import {
  anyRole,
  foundPerson,
  loggedIn,
  mayModify,
  mayRead,
  openToAll,
  person,
  superUser,
  withoutExternalService,
} from './permission.rules.js';
import { onr } from './rights.constants.js';

const RIGHTS = onr('READ');
const routeConfigOf = (handler: object) =>
  (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) ?? {}) as RouteConfig;

/** What the handlers and the checker were asked, in order. */
let calls: unknown[];
/** Whom the caller may read and change, which authorities and OID he has. */
let allowed: { read: string[]; modify: string[]; authorities: string[]; own: string };
let isLoginWeak: boolean;

const Arg =
  (name: string, check?: (value: unknown) => string | null): ParameterDecorator =>
  (target, key, index) =>
    noteArgument(target, String(key), { index, name, ...(check && { check }) });
const range = (value: unknown) => (value === 0 ? 'must be greater' : null);

/** Decorated inside each test: what decorators do is what is tested. */
function makeController() {
  class Controller {
    @Authorize(anyRole('READ'))
    async byRole(@Arg('page', range) page: number) {
      calls.push(['byRole', page]);
      return 'done';
    }

    @Authorize(loggedIn())
    async whoever() {
      return 'done';
    }

    @Authorize(openToAll())
    async open() {
      return 'done';
    }

    @Authorize(mayRead(person('oid'), RIGHTS))
    async read(@Arg('oid') _oid: string | null, @Arg('permissionService') _service: string | null) {
      return 'done';
    }

    @Authorize(mayModify(person('dto', 'oidHenkilo'), RIGHTS))
    async modify(@Arg('other') _other: string, @Arg('dto') _dto: { oidHenkilo?: string } | null) {
      return 'done';
    }

    @Authorize(withoutExternalService(mayRead(person('oid'), RIGHTS)))
    async readAlone(@Arg('oid') _oid: string, @Arg('permissionService') _service: string) {
      return 'done';
    }

    @Authorize(mayModify(person('nobody'), RIGHTS))
    async modifyNobody(@Arg('oid') _oid: string) {
      return 'done';
    }

    @Authorize(mayRead(person('oid'), RIGHTS), { ownData: true })
    async readOwn(@Arg('oid') _oid: string | null) {
      return 'done';
    }

    @AuthorizeResult(mayRead(foundPerson('oidHenkilo'), RIGHTS))
    async find(oidHenkilo: string) {
      calls.push(['find', oidHenkilo]);
      return oidHenkilo === '' ? null : { oidHenkilo };
    }

    @AuthorizeResult(mayRead(foundPerson('oidHenkilo'), RIGHTS))
    async findText(oidHenkilo: string) {
      return new JsonText('{}', { oidHenkilo });
    }

    @AuthorizeResult(superUser())
    @Authorize(loggedIn())
    @HttpCode(201)
    async both() {
      return 'done';
    }

    @AuthorizeResult(mayRead(foundPerson('oidHenkilo'), RIGHTS), { ownData: true })
    async findOwn(oidHenkilo: string) {
      return { oidHenkilo };
    }
  }
  return Controller;
}
type Controller = InstanceType<ReturnType<typeof makeController>>;

let controller: Controller;
const handlerOf = (name: keyof Controller): object => (controller as unknown as Record<string, object>)[name]!;

beforeEach(() => {
  calls = [];
  allowed = { read: ['A'], modify: ['B'], authorities: ['ROLE_APP_OPPIJANUMEROREKISTERI_READ'], own: 'ME' };
  isLoginWeak = false;
  controller = new (makeController())();
  const asked = (list: () => string[], action: string) => async (oid: string | null, rights: unknown, service: unknown) => {
    calls.push([action, oid, rights, service]);
    return oid !== null && list().includes(oid);
  }; // prettier-ignore
  const checker = {
    hasAny: (authorities: readonly string[]) => authorities.some((one) => allowed.authorities.includes(one)),
    isOwnData: (oid: string | null) => oid === allowed.own,
    isAllowedToReadPerson: asked(() => allowed.read, 'read'),
    isAllowedToModifyPerson: asked(() => allowed.modify, 'modify'),
  };
  const strong = {
    checkOperation: (handler: unknown) => {
      calls.push(['login', (handler as { name: string }).name]);
      if (isLoginWeak) throw new Error('two factors');
    },
  };
  const injected = Reflect.getMetadata(PROPERTY_DEPS_METADATA, controller.constructor) as {
    key: symbol;
    type: unknown;
  }[];
  expect(injected.map(({ type }) => type)).toEqual([PermissionChecker, StrongAuthentication]);
  Object.assign(controller, { [injected[0]!.key]: checker, [injected[1]!.key]: strong });
});

const REFUSED = { name: 'UnauthorizedError', message: 'Permission missing' };

describe('a rule of roles', () => {
  it('lets in who holds one, once the login is good enough', async () => {
    expect(await controller.byRole(1)).toBe('done');
    expect(calls).toEqual([['login', 'byRole'], ['byRole', 1]]); // prettier-ignore
  });

  it('refuses everybody else before anything is looked at', async () => {
    allowed.authorities = ['ROLE_APP_OPPIJANUMEROREKISTERI_READ_1.2.246.562.10.00000000001'];
    await expect(controller.byRole(0)).rejects.toMatchObject(REFUSED);
    expect(calls).toEqual([]);
  });

  it('comes before the range of an argument, and the login too', async () => {
    await expect(controller.byRole(0)).rejects.toMatchObject({
      name: 'ConstraintViolationError',
      message: 'must be greater',
    });
    isLoginWeak = true;
    await expect(controller.byRole(0)).rejects.toThrow('two factors');
    expect(calls.filter((call) => (call as unknown[])[0] === 'byRole')).toEqual([]);
  });

  it('is known to the server before the body is read', () => {
    const allows = routeConfigOf(handlerOf('byRole')).allows!;
    const caller = (...authorities: string[]) => ({ authorities: new Set(authorities) }) as never;
    expect(allows(caller('ROLE_APP_OPPIJANUMEROREKISTERI_READ'))).toBe(true);
    expect(allows(caller('ROLE_APP_OPPIJANUMEROREKISTERI_HENKILON_RU'))).toBe(false);
    for (const name of ['read', 'both'] as const) expect(routeConfigOf(handlerOf(name)).allows).toBeUndefined();
  });
});

describe('a rule that lets everybody in', () => {
  it('looks at the login where there must be one', async () => {
    allowed.authorities = [];
    expect(await controller.whoever()).toBe('done');
    isLoginWeak = true;
    await expect(controller.whoever()).rejects.toThrow('two factors');
    expect(await controller.open()).toBe('done');
    expect(calls).toEqual([['login', 'whoever'], ['login', 'whoever']]); // prettier-ignore
  });
});

describe('a rule about a person', () => {
  it('asks about the argument, with the rights and the service that the caller names', async () => {
    expect(await controller.read('A', 'ATARU')).toBe('done');
    expect(calls[0]).toEqual(['read', 'A', RIGHTS, 'ATARU']);
    expect(await controller.read('A', null)).toBe('done');
    expect(calls[2]).toEqual(['read', 'A', RIGHTS, null]);
    await expect(controller.read('B', null)).rejects.toMatchObject(REFUSED);
    await expect(controller.read(null, null)).rejects.toMatchObject(REFUSED);
  });

  it('asks about a member of the argument, and whether it may be changed', async () => {
    expect(await controller.modify('A', { oidHenkilo: 'B' })).toBe('done');
    expect(calls[0]).toEqual(['modify', 'B', RIGHTS, null]);
    await expect(controller.modify('B', { oidHenkilo: 'A' })).rejects.toMatchObject(REFUSED);
    for (const dto of [{}, null]) await expect(controller.modify('B', dto)).rejects.toMatchObject(REFUSED);
    expect(calls.at(-1)).toEqual(['modify', null, RIGHTS, null]);
  });

  it('asks no other service where callers name none', async () => {
    expect(await controller.readAlone('A', 'ATARU')).toBe('done');
    expect(calls[0]).toEqual(['read', 'A', RIGHTS, null]);
  });

  it('is about nobody where the handler has no such argument', async () => {
    await expect(controller.modifyNobody('B')).rejects.toMatchObject(REFUSED);
    expect(calls).toEqual([['modify', null, RIGHTS, null]]);
  });

  it('lets the person himself in only where the operation says so', async () => {
    expect(await controller.readOwn('ME')).toBe('done');
    expect(calls).toEqual([['login', 'readOwn']]);
    expect(await controller.readOwn('A')).toBe('done');
    await expect(controller.readOwn('B')).rejects.toMatchObject(REFUSED);
    await expect(controller.read('ME', null)).rejects.toMatchObject(REFUSED);
  });
});

describe('a rule about the answer', () => {
  it('is looked at once the person is found', async () => {
    expect(await controller.find('A')).toEqual({ oidHenkilo: 'A' });
    expect(calls).toEqual([['find', 'A'], ['read', 'A', RIGHTS, null], ['login', 'find']]); // prettier-ignore
    await expect(controller.find('B')).rejects.toMatchObject(REFUSED);
    await expect(controller.find('')).rejects.toMatchObject(REFUSED);
    expect(calls.at(-1)).toEqual(['read', null, RIGHTS, null]);
  });

  it('lets the person himself in only where the operation says so', async () => {
    expect(await controller.findOwn('ME')).toEqual({ oidHenkilo: 'ME' });
    await expect(controller.find('ME')).rejects.toMatchObject(REFUSED);
  });

  it('is looked at in what a ready text tells', async () => {
    expect(await controller.findText('A')).toMatchObject({ text: '{}' });
    await expect(controller.findText('B')).rejects.toMatchObject(REFUSED);
  });

  it('leaves the login to the rule before', async () => {
    allowed.authorities = ['ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_1.2.246.562.10.00000000001'];
    expect(await controller.both()).toBe('done');
    expect(calls).toEqual([['login', 'both']]);
    allowed.authorities = [];
    await expect(controller.both()).rejects.toMatchObject(REFUSED);
  });
});

it('tells which rules a handler has, which it is, and its status', () => {
  const metadata = (handler: object, key: string): unknown => Reflect.getMetadata(key, handler);
  const [both, find, read] = [handlerOf('both'), handlerOf('find'), handlerOf('read')];
  expect([metadata(both, PRE_RULE), metadata(both, POST_RULE)]).toEqual([loggedIn(), superUser()]);
  expect([metadata(find, PRE_RULE), metadata(find, POST_RULE)]).toEqual([
    undefined,
    mayRead(foundPerson('oidHenkilo'), RIGHTS),
  ]);
  expect([both, find, read].map((handler) => metadata(handler, '__httpCode__'))).toEqual([201, 200, 200]);
  expect(metadata(read, 'swagger/apiExtension')).toEqual({ [HANDLER_EXTENSION]: 'Controller#read' });
  expect([metadata(handlerOf('readOwn'), 'onr:own-data'), metadata(read, 'onr:own-data')]).toEqual([true, undefined]);
});
