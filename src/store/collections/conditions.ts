import { type RawBuilder, sql } from 'kysely'
import type {
  CollectionDefinition,
  CollectionQuery,
  ColumnType,
  Condition,
  TermCondition,
} from '../../core/store/collection.ts'
import type { Dialect } from '../dialect.ts'
import { partGrams } from './grams.ts'
import { keyCandidates, termCandidates } from './terms.ts'

/**
 * A value as its column can be compared with it; undefined when no stored value can equal it, such as a text that
 * the engine could not take.
 */
export function comparable(type: ColumnType, value: string | number): string | number | undefined {
  if (type !== 'text') return Number.isSafeInteger(value) ? value : undefined
  const text = String(value)
  return text.includes('\0') ? undefined : text
}

/** The kind of object that conditions are about. */
export type Conditioned<Column extends string> = Pick<
  CollectionDefinition<never, Column>,
  'name' | 'columns' | 'counted' | 'termColumns' | 'scattered'
>

/**
 * All conditions of a query as SQL over the table `item`; undefined when nothing can meet them.
 *
 * Where the engine keeps no statistics, it is told what is no help: a range, or a column of few values, beside a value
 * of a column of many; and the account beside terms, which are of one account.
 */
export function whereSql<Column extends string>(
  dialect: Dialect,
  definition: Conditioned<Column>,
  { accountId, where }: Pick<CollectionQuery<Column>, 'accountId' | 'where'>,
): RawBuilder<boolean> | undefined {
  const { columns, counted = [] } = definition
  const narrowsByTerms = where.some((condition) => usesTerms(definition, condition))
  const isWide = (condition: Condition<Column>) =>
    condition.is !== 'id' && (condition.is !== 'any-of' || counted.includes(condition.column))
  const isNarrow = narrowsByTerms || !where.every(isWide)
  const account = sql.ref<unknown>('item.account_id')
  const pacing = dialect.pacing(sql.ref('item.id'))
  const parts: RawBuilder<boolean>[] = [
    ...(pacing === undefined ? [] : [pacing]),
    sql`${narrowsByTerms ? dialect.unindexed(account) : account} = ${accountId}`,
  ]
  for (const condition of where) {
    let part: RawBuilder<boolean> | undefined
    if (condition.is === 'term' || condition.is === 'term-contains') {
      part = termSql(dialect, definition.name, accountId, condition)
    } else if (condition.is === 'any-term') {
      const parts = condition.terms.flatMap(
        (term) => termSql(dialect, definition.name, accountId, term) ?? [],
      )
      part = parts.length === 0 ? undefined : sql`(${sql.join(parts, sql` or `)})`
    } else if (condition.is === 'id') {
      const values = valuesOf('integer', condition.values)
      part = values && sql`item.id in (${values})`
    } else {
      const { column } = condition
      const reference = sql.ref<unknown>(`item.${column}`)
      const operand = isNarrow && isWide(condition) ? dialect.unindexed(reference) : reference
      part = columnSql(dialect, definition, accountId, columns[column], operand, condition)
    }
    if (part === undefined) return undefined
    parts.push(part)
  }
  return sql`${sql.join(parts, sql` and `)}`
}

/** Are the items looked for by parts of their terms? */
export function looksForParts<Column extends string>(
  definition: Conditioned<Column>,
  { where }: Pick<CollectionQuery<Column>, 'where'>,
): boolean {
  return where.some((condition) => isPart(condition) && usesTerms(definition, condition))
}

function isPart<Column extends string>(condition: Condition<Column>): boolean {
  if (condition.is === 'any-term') return condition.terms.some(({ is }) => is === 'term-contains')
  return condition.is === 'contains' || condition.is === 'term-contains'
}

/** Does the index of terms tell which items may meet the condition? */
export function usesTerms<Column extends string>(
  definition: Conditioned<Column>,
  condition: Condition<Column>,
): boolean {
  const { termColumns = [], scattered = [] } = definition
  switch (condition.is) {
    case 'term':
      return true
    case 'term-contains':
      return partGrams(0, condition.text).length > 0
    case 'any-term':
      return condition.terms.every((term) => usesTerms(definition, term))
    case 'contains':
      return termColumns.includes(condition.column) && partGrams(0, condition.text).length > 0
    case 'any-of':
      return scattered.includes(condition.column)
    default:
      return false
  }
}

function termSql(
  dialect: Dialect,
  collection: string,
  account: number,
  { is, text: wanted }: TermCondition,
): RawBuilder<boolean> | undefined {
  const text = wanted.toLowerCase()
  // Line ends stand between terms.
  if (text.includes('\n') || comparable('text', text) === undefined) return undefined
  const isWhole = is === 'term'
  const found = dialect.contains(sql.ref('item.terms'), sql.val(isWhole ? `\n${text}\n` : text))
  const candidates = termCandidates(dialect, collection, account, text, isWhole)
  return candidates === undefined ? found : sql`(${candidates} and ${found})`
}

function columnSql<Column extends string>(
  dialect: Dialect,
  { name, termColumns = [], scattered = [] }: Conditioned<Column>,
  account: number,
  type: ColumnType,
  reference: RawBuilder<unknown>,
  condition: Extract<Condition<Column>, { readonly column: Column }>,
): RawBuilder<boolean> | undefined {
  switch (condition.is) {
    case 'absent':
      return sql`${reference} is null`
    case 'any-of': {
      const values = valuesOf(type, condition.values)
      if (values === undefined) return undefined
      const found = sql<boolean>`${reference} in (${values})`
      if (!scattered.includes(condition.column)) return found
      const candidates = keyCandidates(dialect, name, account, condition.values.map(String))
      return sql`(item.id in ${candidates} and ${found})`
    }
    case 'none-of': {
      const values = valuesOf(type, condition.values)
      return values === undefined ? sql`true` : sql`(${reference} is null or ${reference} not in (${values}))`
    }
    case 'between':
      return between(type, reference, condition)
    case 'contains': {
      const text = condition.text.toLowerCase()
      if (type !== 'text' || comparable('text', text) === undefined) return undefined
      const found = dialect.contains(sql`lower(${reference})`, sql.val(text))
      const candidates = termColumns.includes(condition.column)
        ? termCandidates(dialect, name, account, text, false)
        : undefined
      return candidates === undefined ? found : sql`(${candidates} and ${found})`
    }
  }
}

function between(
  type: ColumnType,
  reference: RawBuilder<unknown>,
  { from, to }: { readonly from?: string | number; readonly to?: string | number },
): RawBuilder<boolean> | undefined {
  const bounds: RawBuilder<unknown>[] = [sql`${reference} is not null`]
  if (from !== undefined) {
    const value = comparable(type, from)
    if (value === undefined) return undefined
    bounds.push(sql`${reference} >= ${operand(type, value)}`)
  }
  if (to !== undefined) {
    const value = comparable(type, to)
    if (value === undefined) return undefined
    bounds.push(sql`${reference} <= ${operand(type, value)}`)
  }
  return sql`(${sql.join(bounds, sql` and `)})`
}

function valuesOf(type: ColumnType, values: readonly (string | number)[]): RawBuilder<unknown> | undefined {
  const operands = values.flatMap((value) => {
    const known = comparable(type, value)
    return known === undefined ? [] : [operand(type, known)]
  })
  return operands.length === 0 ? undefined : sql.join(operands)
}

/** A value beside a column. A number is told to be a long one: it may be larger than the column holds. */
export function operand(type: ColumnType, value: unknown): RawBuilder<unknown> {
  return type === 'text' ? sql`${value}` : sql`cast(${value} as bigint)`
}
