import { Logger } from '@nestjs/common';
import { Authorize, AuthorizeResult } from './authorize.decorator.js';
import { PermissionGuard } from './permission.guard.js';
import { loggedIn, superUser } from './permission.rules.js';

class Controller {
  @Authorize(loggedIn())
  before() {}
  @AuthorizeResult(superUser())
  after() {}
  forgotten() {}
}

const handlers = Controller.prototype as unknown as Readonly<Record<keyof Controller, object>>;
let guard: PermissionGuard;
let logged: string[];
beforeEach(() => {
  guard = new PermissionGuard();
  logged = [];
  Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (line: string) => logged.push(line) });
});
const ask = (handler: object) => guard.canActivate({ getHandler: () => handler, getClass: () => Controller } as never);

it('lets handlers through that declare a permission, time and again', () => {
  const { before, after } = handlers;
  for (const handler of [before, before, after, after]) expect(ask(handler)).toBe(true);
  expect(logged).toEqual([]);
});

it('refuses a handler that declares none, every time, and says which', () => {
  for (let time = 0; time < 2; time++)
    expect(() => ask(handlers.forgotten)).toThrow(
      expect.objectContaining({ name: 'UnauthorizedError', message: 'No permission declared' }),
    );
  const line = 'Controller.forgotten declares no permission and is refused';
  expect(logged).toEqual([line, line]);
});
