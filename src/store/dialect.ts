import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Schema } from './schema.ts'

/** What differs between the engines, named; nobody else asks which engine runs. */
export interface Capabilities {
  /** Writers run side by side, so a row that a rule reads before it writes is locked (`FOR UPDATE`). */
  readonly rowLocks: boolean
  /** The engine tells the id of an inserted row; otherwise the statement returns it. */
  readonly tellsInsertedId: boolean
  /** Statements that write may stand in WITH, so that several take one round trip. */
  readonly writesInWith: boolean
  /** Array parameters: one statement for a list of any length. */
  readonly arrays: boolean
  /** Numbers are drawn from sequences, so that nobody waits for another's transaction; otherwise from a counter. */
  readonly sequences: boolean
  /** Each statement is a round trip, but several may be on their way. */
  readonly pipelines: boolean
  /** There are tables whose changes are not synced. */
  readonly unloggedTables: boolean
}

/** Column types and table options of one engine, for migrations. */
export interface ColumnTypes {
  readonly bytes: 'blob' | 'bytea'
  /** 32-bit integer that the table draws itself. */
  readonly identity: 'integer' | 'serial'
  /** 64-bit integer: times, and counts without a near bound. */
  readonly long: 'integer' | 'bigint'
  /** Text ordered by its octets. */
  readonly text: 'text' | 'text collate "C"'
  /** What ends CREATE TABLE. */
  readonly tableOptions: string
  /** The same for a table that is stored in the order of its primary key, where the engine can. */
  readonly clusteredTableOptions: string
  /** What an index names so that it is in order of `id` within equal keys; empty where every index is. */
  readonly orderedById: readonly 'id'[]
  /** What puts absent values before all others, in an index and in ORDER BY; empty where they are. */
  readonly absentFirst: '' | 'nulls first'
  /** The same backwards. */
  readonly absentLast: '' | 'nulls last'
}

/** One engine: how queries are compiled for it and what it can do. It runs nothing. */
export interface Dialect {
  readonly db: Kysely<Schema>
  readonly capabilities: Capabilities
  readonly types: ColumnTypes
  /** Tells connections that write at the same time apart. */
  readonly writer: RawBuilder<number>
  /** A column as a value that no index is looked for. */
  unindexed(column: RawBuilder<unknown>): RawBuilder<unknown>
  /**
   * Holds for every row, and lets whoever runs the statement end it between two of them; undefined where the engine
   * can be told to end it at any moment. It stands before other conditions, so that rows they exclude count as well.
   */
  pacing(id: RawBuilder<unknown>): RawBuilder<boolean> | undefined
  /** Is `part` a part of `text`? Both are taken as they are: no character has a meaning of its own. */
  contains(text: RawBuilder<string>, part: RawBuilder<string>): RawBuilder<boolean>
}

/** The function that every connection to SQLite has for `pacing`. */
export const PACE = 'pace'

export function sqliteDialect(): Dialect {
  return {
    db: new Kysely<Schema>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    }),
    capabilities: {
      rowLocks: false,
      tellsInsertedId: true,
      writesInWith: false,
      arrays: false,
      sequences: false,
      pipelines: false,
      unloggedTables: false,
    },
    types: {
      bytes: 'blob',
      identity: 'integer',
      long: 'integer',
      text: 'text',
      tableOptions: 'strict',
      clusteredTableOptions: 'strict, without rowid',
      orderedById: [],
      absentFirst: '',
      absentLast: '',
    },
    writer: sql.lit(0),
    unindexed: (column) => sql`+${column}`,
    // One row in 64: asking for each would cost as much as the row. The ids of an account may all be odd, so they are
    // spread first; the product stays below 2^63.
    pacing: (id) => sql`(${id} * 2654435761 >> 26 & 63 or ${sql.raw(PACE)}())`,
    contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  }
}

export function postgresDialect(): Dialect {
  return {
    db: new Kysely<Schema>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    }),
    capabilities: {
      rowLocks: true,
      tellsInsertedId: false,
      writesInWith: true,
      arrays: true,
      sequences: true,
      pipelines: true,
      unloggedTables: true,
    },
    types: {
      bytes: 'bytea',
      identity: 'serial',
      long: 'bigint',
      text: 'text collate "C"',
      tableOptions: '',
      clusteredTableOptions: '',
      orderedById: ['id'],
      absentFirst: 'nulls first',
      absentLast: 'nulls last',
    },
    writer: sql`pg_backend_pid()`,
    unindexed: (column) => column,
    pacing: () => undefined,
    contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  }
}
