import { SetMetadata } from '@nestjs/common';

const ONLY_READS = 'onr:only-reads';

/** A POST that changes nothing. Every other POST, PUT and DELETE counts as a write where writes demand a two-factor login. */
export const OnlyReads = (): MethodDecorator => SetMetadata(ONLY_READS, true);

/** @param method of HTTP */
export const isWrite = (method: string, handler: object): boolean =>
  method !== 'GET' && method !== 'HEAD' && Reflect.getMetadata(ONLY_READS, handler) !== true;
