import pg, { type Connection, type FieldDef, type QueryResult, type QueryResultRow } from 'pg';
import { serialize } from 'pg-protocol';
import { prepareValue } from 'pg/lib/utils.js';

/** What a statement gave. */
export type StatementResult<Row extends QueryResultRow = QueryResultRow> = Pick<
  QueryResult<Row>,
  'rows' | 'rowCount' | 'command'
>;

/** Told an error, or what the statement gave. */
export type StatementCallback<Row extends QueryResultRow> = (error: Error | null, result: StatementResult<Row>) => void;

/** Messages Execute, of the unnamed portal and without a limit, and Sync: the end of every statement. */
const EXECUTE_AND_SYNC = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0x53, 0, 0, 0, 4]);

/** What the rows of a prepared statement look like. It stays so: the server refuses to run one whose rows would look different. */
export interface RowShape {
  /** The statement. */
  readonly text: string;
  readonly columns: readonly Column[];
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

export const rowShape = (text: string, fields: readonly FieldDef[]): RowShape => ({
  text,
  columns: fields.map(({ name, dataTypeID }) => ({
    name,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the driver's enum names the common types only
    parse: pg.types.getTypeParser(dataTypeID, 'text') as (text: string) => unknown,
  })),
});

/** The driver's query, as far as its types say too little: what it calls is overridden below. */
const DriverQuery = pg.Query as unknown as new (text: string) => object;

/**
 * A prepared statement that its connection has run before. Unlike the driver's own query it neither asks the server once more
 * what the rows look like nor copies what it is given, which is a good part of what a small statement costs this process.
 */
export class RepeatedStatement<Row extends QueryResultRow> extends DriverQuery {
  private readonly found: Row[] = [];
  private tag = '';
  /** A value that could not be read: told once the server is done. */
  private fault: Error | null = null;

  /** @param name under which the connection has it prepared */
  constructor(
    private readonly name: string,
    private readonly parameters: readonly unknown[],
    private readonly shape: RowShape,
    private readonly done: StatementCallback<Row>,
  ) {
    super(shape.text);
  }

  /** Called by the driver, as all that follow. @returns why nothing has been sent */
  submit({ stream }: Connection): Error | null {
    try {
      const { name: statement, parameters } = this;
      const bind = serialize.bind({ statement, values: parameters as unknown[], valueMapper: prepareValue });
      stream.write(Buffer.concat([bind, EXECUTE_AND_SYNC]));
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.fault) return;
    const { columns } = this.shape;
    const row: Record<string, unknown> = {};
    try {
      for (let i = 0; i < columns.length; i++) {
        const { name, parse } = columns[i]!;
        const text = fields[i] ?? null;
        row[name] = text === null ? null : parse(text);
      }
      this.found.push(row as Row);
    } catch (error) {
      this.fault = error as Error;
    }
  }

  /** @param text `SELECT 3` */
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.tag = text;
  }

  handleReadyForQuery(): void {
    const { fault, found: rows, tag } = this;
    if (fault) return this.handleError(fault);
    const [command] = tag.split(' ', 1);
    this.done(null, { rows, rowCount: Number(tag.slice(tag.lastIndexOf(' '))), command: command! });
  }

  handleError(error: Error): void {
    this.done(error, null as never);
  }
}
