import './pg-types.js';
import { Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { TlsClient, type DatabaseAddress } from './tls-client.js';

const log = new Logger('Database');

export type EntityClass = Function | string | EntitySchema;

export interface DatabaseOptions extends DatabaseAddress {
  readonly poolSize: number;
}

/** The pool of connections, which send several statements at a time; every session runs in UTC and finds tables in `public`. Not yet connected. */
export function createDataSource({ url, tls, poolSize }: DatabaseOptions, entities: EntityClass[] = []): DataSource {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    poolSize,
    entities,
    synchronize: false,
    applicationName: 'oppijanumerorekisteri-service',
    connectTimeoutMS: 10_000,
    parseInt8: true,
    extra: {
      Client: TlsClient,
      databaseTls: tls,
      pipeline: true,
      // Requests side by side fill the cores by themselves: parallel workers would only double the work of each.
      options:
        '-c timezone=UTC -c search_path=public -c pg_trgm.similarity_threshold=0.5 -c max_parallel_workers_per_gather=0',
      keepAlive: true,
      idleTimeoutMillis: 300_000,
      maxLifetimeSeconds: 900,
      // For as long as the connection lives: while it passes from one user to the next nobody else listens, and an error that
      // nobody hears ends the process.
      onConnect: (client: PoolClient) => {
        client.on('error', (error) => log.warn(`A connection broke: ${error.message}`));
      },
    },
  });
  // Large object references (`tuonti_data.data`) are a type that TypeORM does not list.
  (dataSource.driver as { supportedDataTypes: string[] } & typeof dataSource.driver).supportedDataTypes.push('oid');
  return dataSource;
}
