import { type RawBuilder, sql } from 'kysely'
import type {
  CollectionDefinition,
  CollectionItem,
  CollectionPage,
  CollectionQuery,
  CollectionReads,
  Condition,
} from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import { type Duration, longRow, longRows } from '../statement.ts'
import { type Conditioned, comparable, looksForParts, usesTerms, whereSql } from './conditions.ts'
import { EVERYTHING, type Facet, facetValue, type Run, runsOf, totalOf } from './counts.ts'
import { MAXIMUM_PAGE } from './item-reads.ts'
import { itemReader } from './item-row.ts'
import type { ItemRow } from './item-values.ts'
import { type Order, orderOf, orderSql, reversed } from './order.ts'
import { compilable } from './raw.ts'

/** From here on it pays to know the total first: a page in the second half is found from the end. */
const DEEP_OFFSET = 5_000
/** What an account of no more items has under any part of a term is looked through within a millisecond. */
const FEW_ITEMS = 10_000

/** Which rows of an ordered list, and in which order. */
interface Span {
  readonly where: RawBuilder<boolean>
  readonly order: Order
  /** Whether the order may decide on the index that the rows are found by. */
  readonly fromIndex: boolean
  readonly duration: Duration
  readonly offset: number
  readonly limit: number
}

/**
 * Lists. The statements are built for each query: what callers may combine is without end, so nothing of it is kept,
 * and the engine plans them for the values at hand.
 */
export function listProgram<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
): CollectionReads<Item, Column>['list'] {
  const { db } = dialect
  const { name } = definition
  const read = itemReader(definition)
  const table = sql.table(name)

  /** The ids of a page are found in an index; only then its documents are read. */
  function* rowsOf({ where, order, fromIndex, duration, offset, limit }: Span): Program<readonly Item[]> {
    if (limit <= 0) return []
    const by = orderSql(dialect, order)
    const first = orderSql(dialect, order, fromIndex)
    const rows = yield* longRows(
      compilable<ItemRow>(
        db,
        sql`select item.id, item.account_id, item.document
            from (select item.id from ${table} as item where ${where}
                  order by ${first} limit ${limit} offset ${offset}) as page
            join ${table} as item on item.id = page.id order by ${by}`,
      ),
      duration,
    )
    return rows.map(read)
  }

  /** A page with its total in one statement: what meets the conditions is looked for once. */
  function* pageAndTotal({
    where,
    order,
    duration,
    offset,
    limit,
  }: Span): Program<CollectionPage<Item> | undefined> {
    const by = orderSql(dialect, order)
    const columns = sql.join(order.map(({ column }) => sql.ref(`item.${column}`)))
    const rows = yield* longRows(
      compilable<ItemRow & { readonly total: number }>(
        db,
        sql`with found as materialized (select ${columns} from ${table} as item where ${where})
            select item.id, item.account_id, item.document, (select count(*) from found) as total
            from (select item.id from found as item order by ${by} limit ${limit} offset ${offset}) as page
            join ${table} as item on item.id = page.id order by ${by}`,
      ),
      duration,
    )
    const [first] = rows
    return first && { items: rows.map(read), total: first.total }
  }

  function* countOf({ where, duration }: Span): Program<number> {
    const query = sql`select count(*) as total from ${table} as item where ${where}`
    return (yield* longRow(compilable<{ total: number }>(db, query), duration))?.total ?? 0
  }

  function* pageFrom(span: Span, total: number): Program<readonly Item[]> {
    const { offset, limit } = span
    if (offset >= total) return []
    if (offset <= total / 2) return yield* rowsOf(span)
    const end = Math.min(total, offset + limit)
    const fromEnd = { ...span, order: reversed(span.order), offset: total - end, limit: end - offset }
    return (yield* rowsOf(fromEnd)).toReversed()
  }

  /** Items that have all of several common parts are found one by one, with much looked at between two of them. */
  function* durationOf(query: CollectionQuery<Column>): Program<Duration> {
    if (!looksForParts(definition, query)) return 'paced'
    if (definition.counted === undefined) return 'unpaced'
    const items = yield* totalOf(dialect, name, query.accountId, EVERYTHING)
    return items <= FEW_ITEMS ? 'paced' : 'unpaced'
  }

  return function* list(query) {
    const where = whereSql(dialect, definition, query)
    if (where === undefined) return { items: [], total: 0 }
    const offset = Math.max(0, Math.trunc(query.offset))
    const limit = Math.min(MAXIMUM_PAGE, Math.max(0, Math.trunc(query.limit)))
    const order = orderOf(query)
    const fromIndex = !query.where.some((condition) => isScattered(definition, condition))
    const duration = yield* durationOf(query)
    const span: Span = { where, order, fromIndex, duration, offset, limit }
    const facet = facetOf(definition, query)
    if (facet !== undefined && order[0]?.column === 'id') {
      const runs = yield* runsOf(dialect, name, query.accountId, facet)
      const total = runs.reduce((sum, { items }) => sum + items, 0)
      return { items: yield* rowsOf(narrowed(span, runs)), total }
    }
    if (query.where.some((condition) => isSearch(definition, condition))) {
      const page = limit === 0 ? undefined : yield* pageAndTotal(span)
      return page ?? { items: [], total: yield* countOf(span) }
    }
    if (facet !== undefined || offset >= DEEP_OFFSET || limit === 0) {
      const total =
        facet === undefined ? yield* countOf(span) : yield* totalOf(dialect, name, query.accountId, facet)
      return { items: yield* pageFrom(span, total), total }
    }
    const items = yield* rowsOf(span)
    const isEnd = items.length < limit && (items.length > 0 || offset === 0)
    return { items, total: isEnd ? offset + items.length : yield* countOf(span) }
  }
}

/** Does a condition cost so much that it is not to be looked at twice? */
function isSearch<Column extends string>(
  definition: Conditioned<Column>,
  condition: Condition<Column>,
): boolean {
  const { is } = condition
  return is === 'contains' || is === 'term-contains' || is === 'any-term' || usesTerms(definition, condition)
}

/**
 * Does a condition find few rows, not in order of id? An engine without statistics takes them for many, and would look
 * at all rows in order instead.
 */
function isScattered<Column extends string>(
  { counted = [] }: Conditioned<Column>,
  condition: Condition<Column>,
): boolean {
  return condition.is === 'any-of' && condition.values.length > 1 && !counted.includes(condition.column)
}

/** The counted part that the conditions of a query ask for; undefined when they ask for anything else. */
function facetOf<Column extends string>(
  { columns, counted }: Conditioned<Column>,
  { where: [condition, ...others] }: CollectionQuery<Column>,
): Facet | undefined {
  if (counted === undefined || others.length > 0) return undefined
  if (condition === undefined) return EVERYTHING
  if (condition.is !== 'any-of' || !counted.includes(condition.column)) return undefined
  const { column, values } = condition
  return {
    column,
    values: values.flatMap((value) => comparable(columns[column], value) ?? []).map(facetValue),
  }
}

/** Confines a list in order of id to the ids of its page, and takes off the offset what comes before them. */
function narrowed(span: Span, runs: readonly Run[]): Span {
  const { order, offset, limit } = span
  const inOrder = order[0]?.descending ? runs.toReversed() : runs
  const page: Run[] = []
  let before = 0
  let passed = 0
  for (const run of inOrder) {
    if (passed >= offset + limit) break
    if (passed + run.items <= offset) before += run.items
    else page.push(run)
    passed += run.items
  }
  const ends = page.flatMap(({ from, to }) => [from, to])
  if (ends.length === 0) return { ...span, limit: 0 }
  const ids = sql<boolean>`item.id >= ${Math.min(...ends)} and item.id < ${Math.max(...ends)}`
  return { ...span, where: sql`${span.where} and ${ids}`, offset: offset - before }
}
