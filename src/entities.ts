import type { EntityClass } from './database/data-source.js';

/** Every entity class of the service; a test compares each with the live schema. */
export const ENTITIES: EntityClass[] = [];
