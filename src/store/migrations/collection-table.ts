import { type CompiledQuery, sql } from 'kysely'
import type { ColumnType } from '../../core/store/collection.ts'
import { COUNT_KEY, countTable } from '../collections/counts.ts'
import { makeNumbers } from '../collections/numbers.ts'
import type { CollectionTable } from '../collections/table.ts'
import { termTableStatements } from '../collections/terms.ts'
import type { ColumnDeclaration, MigrationTools } from './migration.ts'

type Statement = { compile(): CompiledQuery<unknown> }

const DECLARATIONS: { readonly [Type in ColumnType]: ColumnDeclaration } = {
  integer: 'integer?',
  text: 'text?',
  instant: 'long?',
  flag: 'integer?',
}

/** The table of a collection, its indexes, and what lists of it need beside. */
export function collectionTable<Column extends string>(
  tools: MigrationTools,
  table: CollectionTable<Column>,
): readonly Statement[] {
  const { name, columns, sparse = [] } = table
  const declared: Record<string, ColumnDeclaration> = { id: 'integer*', account_id: 'integer' }
  for (const [column, type] of Object.entries<ColumnType>(columns)) declared[column] = DECLARATIONS[type]
  if (table.searched) declared.terms = 'text'
  declared.document = 'text'
  const { db, types } = tools.dialect
  const index = (parts: readonly string[], unique: boolean): Statement => {
    const label = [name, ...parts, ...(unique ? ['unique'] : [])].join('_')
    const indexed = [
      ...parts.map((part) => sql`${sql.ref(part)} ${sql.raw(types.absentFirst)}`),
      ...(unique ? [] : types.orderedById.map((part) => sql.ref(part))),
    ]
    const present = sparse.filter((column) => parts.includes(column))
    const rows =
      present.length === 0
        ? sql``
        : sql`where ${sql.join(
            present.map((column) => sql`${sql.ref(column)} is not null`),
            sql` and `,
          )}`
    const statement = sql`create ${sql.raw(unique ? 'unique index' : 'index')} ${sql.id(label)}
      on ${sql.table(name)} (${sql.join(indexed)}) ${rows}`
    return { compile: () => statement.compile(db) }
  }
  return [
    tools.table(name, declared),
    index(['account_id'], false),
    ...(table.indexes ?? []).map((parts) => index(['account_id', ...parts], false)),
    ...(table.globalIndexes ?? []).map((parts) => index(parts, false)),
    ...(table.unique ?? []).map((parts) => index(parts, true)),
    ...(table.counted ? [countStatement(tools, name)] : []),
    ...[
      makeNumbers(tools.dialect, name),
      ...(table.searched ? termTableStatements(tools.dialect, name) : []),
    ].map((statement) => ({ compile: () => statement.compile(db) })),
  ]
}

function countStatement({ table }: MigrationTools, name: string): Statement {
  return table(
    countTable(name),
    {
      account_id: 'integer',
      facet: 'text',
      value: 'text',
      run: 'integer',
      writer: 'integer',
      items: 'integer',
    },
    { primaryKey: COUNT_KEY, clustered: true },
  )
}
