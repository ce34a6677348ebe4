import { type RawBuilder, sql } from 'kysely'
import type { ColumnType, Condition } from '../../core/store/collection.ts'
import type { Dialect } from '../dialect.ts'

/**
 * A value as its column can be compared with it; undefined when no stored value can equal it, such as a text that
 * the engine could not take.
 */
export function comparable(type: ColumnType, value: string | number): string | number | undefined {
  if (type !== 'text') return Number.isSafeInteger(value) ? value : undefined
  const text = String(value)
  return text.includes('\0') ? undefined : text
}

/** A condition as SQL; undefined when nothing can meet it. */
export function conditionSql<Column extends string>(
  dialect: Dialect,
  columns: { readonly [C in Column]: ColumnType },
  condition: Condition<Column>,
): RawBuilder<boolean> | undefined {
  if (condition.is === 'term' || condition.is === 'term-contains') {
    const text = condition.text.toLowerCase()
    // Line ends stand between terms.
    if (text.includes('\n') || comparable('text', text) === undefined) return undefined
    return dialect.contains(sql.ref('terms'), sql.val(condition.is === 'term' ? `\n${text}\n` : text))
  }
  const { column } = condition
  const type = columns[column]
  const reference = sql.ref<string>(column)
  switch (condition.is) {
    case 'absent':
      return sql`${reference} is null`
    case 'any-of': {
      const values = valuesOf(type, condition.values)
      return values === undefined ? undefined : sql`${reference} in (${values})`
    }
    case 'none-of': {
      const values = valuesOf(type, condition.values)
      return values === undefined ? sql`true` : sql`(${reference} is null or ${reference} not in (${values}))`
    }
    case 'between':
      return between(type, reference, condition)
    case 'contains': {
      const text = comparable('text', condition.text.toLowerCase())
      if (text === undefined || type !== 'text') return undefined
      return dialect.contains(sql`lower(${reference})`, sql.val(String(text)))
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
