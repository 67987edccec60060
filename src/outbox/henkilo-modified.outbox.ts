import { Injectable } from '@nestjs/common';

/** Tells other services of changed persons. */
@Injectable()
export class HenkiloModifiedOutbox {
  /** One message per OID, in the given order. */
  add(_henkiloOids: readonly string[]): void {}
}
