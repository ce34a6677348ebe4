import { type CompiledQuery, type CreateTableBuilder, type Expression, type SqlBool, sql } from 'kysely'
import type { CollectionTable } from '../collections/table.ts'
import type { ColumnTypes, Dialect } from '../dialect.ts'

/**
 * One change of the schema. Its statements run in one transaction together with the note that they ran. A
 * migration that was released is never changed; the code works before and after the next one.
 */
export interface Migration {
  /** Higher than that of every migration before it. */
  readonly number: number
  readonly name: string
  /** Collections that it makes, before `up`. */
  readonly collections?: readonly CollectionTable<string>[]
  /** Collections of earlier migrations with columns that are found by the index of terms from here on; after `up`. */
  readonly scattered?: Readonly<Record<string, readonly string[]>>
  up?(tools: MigrationTools): readonly { compile(): CompiledQuery<unknown> }[]
}

/** The columns of a collection that are found by the index of terms after these migrations. */
export function scatteredColumns(migrations: readonly Migration[], collection: string): readonly string[] {
  const columns = migrations.flatMap(({ collections = [], scattered = {} }) => [
    ...collections.flatMap((table) => (table.name === collection ? (table.scattered ?? []) : [])),
    ...(scattered[collection] ?? []),
  ])
  return [...new Set(columns)]
}

type Column = 'bytes' | 'identity' | 'integer' | 'long' | 'text'

/** How a column is declared: its type, `?` for nullable, `*` for a primary key of this column alone. */
export type ColumnDeclaration = Column | `${Column}?` | `${Column}*`

export interface TableOptions {
  /** Columns of a primary key of several columns. */
  readonly primaryKey?: readonly string[]
  /** Store the rows in the order of the primary key, where the engine can. */
  readonly clustered?: true
  /** Column to `table.column`. */
  readonly references?: Readonly<Record<string, string>>
}

/** Declares tables and indexes in the terms of one engine. */
export interface MigrationTools {
  readonly dialect: Dialect
  table(
    name: string,
    columns: Readonly<Record<string, ColumnDeclaration>>,
    options?: TableOptions,
  ): CreateTableBuilder<string, string>
  index(
    name: string,
    table: string,
    columns: readonly string[],
    options?: { readonly unique?: true; readonly where?: Expression<SqlBool> },
  ): { compile(): CompiledQuery<unknown> }
}

export function migrationTools(dialect: Dialect): MigrationTools {
  const { schema } = dialect.db
  return {
    dialect,
    table(name, columns, options = {}) {
      let table: CreateTableBuilder<string, string> = schema.createTable(name)
      for (const [column, declaration] of Object.entries(columns)) {
        table = table.addColumn(column, typeOf(declaration, dialect.types), (builder) => {
          const reference = options.references?.[column]
          const referring = reference === undefined ? builder : builder.references(reference)
          if (declaration.endsWith('*')) return referring.primaryKey()
          return declaration.endsWith('?') ? referring : referring.notNull()
        })
      }
      if (options.primaryKey !== undefined) {
        table = table.addPrimaryKeyConstraint(`${name}_key`, [...options.primaryKey])
      }
      const ending = options.clustered ? dialect.types.clusteredTableOptions : dialect.types.tableOptions
      return ending === '' ? table : table.modifyEnd(sql.raw(ending))
    },
    index(name, table, columns, options = {}) {
      let index = schema
        .createIndex(name)
        .on(table)
        .columns([...columns])
      if (options.unique) index = index.unique()
      return options.where === undefined ? index : index.where(options.where)
    },
  }
}

function typeOf(declaration: ColumnDeclaration, types: ColumnTypes) {
  const kind = declaration.replace(/[?*]$/, '')
  if (kind === 'text') return sql.raw(types.text)
  if (kind === 'bytes') return types.bytes
  if (kind === 'identity') return types.identity
  return kind === 'long' ? types.long : 'integer'
}
