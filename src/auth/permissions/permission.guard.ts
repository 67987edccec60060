import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { UnauthorizedError } from '../../common/errors.js';
import { PRE_RULE, POST_RULE } from './authorize.decorator.js';

/** Refuses by default: a handler without a declared permission is nobody's. */
@Injectable()
export class PermissionGuard implements CanActivate {
  private readonly log = new Logger(PermissionGuard.name);
  private readonly declared = new WeakSet<object>();

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    if (this.declared.has(handler)) return true;
    if (!Reflect.hasMetadata(PRE_RULE, handler) && !Reflect.hasMetadata(POST_RULE, handler)) {
      this.log.error(`${context.getClass().name}.${handler.name} declares no permission and is refused`);
      throw new UnauthorizedError('No permission declared');
    }
    this.declared.add(handler);
    return true;
  }
}
