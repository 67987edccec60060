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
beforeAll(() => Logger.overrideLogger(false));

const handlers = Controller.prototype as unknown as Readonly<Record<keyof Controller, object>>;
const guard = new PermissionGuard();
const ask = (handler: object) => guard.canActivate({ getHandler: () => handler, getClass: () => Controller } as never);

it('lets handlers through that declare a permission, time and again', () => {
  const { before, after } = handlers;
  for (const handler of [before, before, after, after]) expect(ask(handler)).toBe(true);
});

it('refuses a handler that declares none, every time', () => {
  for (let time = 0; time < 2; time++)
    expect(() => ask(handlers.forgotten)).toThrow(
      expect.objectContaining({ name: 'UnauthorizedError', message: 'No permission declared' }),
    );
});
