import { Column, PrimaryColumn } from 'typeorm';
import { bigint } from './columns.js';

/** Base of nearly every table (docs/spec/schema.md#6.1): an id from `hibernate_sequence` and a counter against lost updates. */
export abstract class VersionedEntity {
  /** From `Database.nextId()`, never made by the database. */
  @PrimaryColumn(bigint)
  id!: number;

  /** 0 for a new row; every update demands the version it read and adds 1. A plain column: TypeORM does not check it. */
  @Column(bigint)
  version!: number;
}

/** Of an update through a repository: counts `version` up. */
export const nextVersion = (): string => 'version + 1';

/** Of an insert through a repository, where the new id is not needed: taken from the one sequence (docs/spec/schema.md#4.5). */
export const newId = (): string => `nextval('hibernate_sequence')`;
