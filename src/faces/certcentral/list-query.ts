import type { AccountId } from '../../core/brand.ts'
import { parseDateTime, parseDay } from '../../core/days.ts'
import type { CollectionQuery, Condition, TermCondition } from '../../core/store/collection.ts'
import { readFlag, readInteger } from '../json-values.ts'
import type { Complaint } from './codes.ts'
import { dayMs, readBounds } from './filter-bounds.ts'
import type { Query } from './query.ts'
import { refuseAll } from './refusal.ts'
import type { Page } from './reply.ts'

/** How `filters[<property>]` narrows a list. */
export type Filter<Column extends string> =
  /** Whole texts; `%` before one looks for a part. `values` translates what callers write. */
  | {
      readonly type: 'text'
      readonly column: Column
      readonly values?: (value: string) => string | readonly string[]
    }
  /** Numbers, with `>`, `<`, `>=`, `<=` and `from...to`. */
  | { readonly type: 'integer'; readonly column: Column }
  /** Ids of the items themselves. */
  | { readonly type: 'id' }
  | { readonly type: 'flag'; readonly column: Column }
  /** Days and date-times, compared like numbers; a day counts whole. */
  | { readonly type: 'instant'; readonly column: Column }
  /** Words of the item: whole, or a part after `%`. */
  | { readonly type: 'term' }
  /** What no column says alone; undefined: the value is not valid. */
  | {
      readonly type: 'own'
      readonly conditions: (values: readonly string[]) => readonly Condition<Column>[] | undefined
    }

export interface ListRules<Column extends string> {
  /** By the property in `filters[…]`; others are ignored. */
  readonly filters: Readonly<Record<string, Filter<Column>>>
  /** Columns by the names in `sort`; others are ignored. */
  readonly sort: Readonly<Record<string, Column | 'id'>>
  /** Plain query parameters that mean the filter of the same name. */
  readonly plain?: readonly string[]
}

export interface ListRequest<Column extends string> {
  readonly query: CollectionQuery<Column>
  /** The page to answer with, once the total is known. */
  page(total: number): Page
}

const longestPage = 1000
const furthestOffset = 2 ** 31 - 1

/**
 * Reads `filters`, `sort`, `offset` and `limit` of a list.
 * @param where conditions that hold whatever the caller asks, such as what is in sight
 * @throws Refusal invalid_value: `limit`, `offset`, `filters.<property>`
 */
export function readList<Column extends string>(
  accountId: AccountId,
  query: Query,
  rules: ListRules<Column>,
  where: readonly Condition<Column>[] = [],
): ListRequest<Column> {
  const complaints: Complaint[] = []
  const limit = bounded(query, 'limit', 1, longestPage, longestPage, complaints)
  const offset = bounded(query, 'offset', 0, furthestOffset, 0, complaints)
  const asked = [...query.filters(), ...plainFilters(query, rules)]
  const conditions = asked.flatMap(([property, values]): readonly Condition<Column>[] => {
    const filter = Object.hasOwn(rules.filters, property) ? rules.filters[property] : undefined
    if (filter === undefined) return []
    const read = conditionsOf(filter, values)
    if (read === undefined) complaints.push({ code: 'invalid_value', about: `filters.${property}` })
    return read ?? []
  })
  refuseAll(complaints)
  return {
    query: { accountId, where: [...where, ...conditions], sort: readSort(query, rules), offset, limit },
    page: (total) => ({ total, limit, offset }),
  }
}

function bounded(
  query: Query,
  name: string,
  lowest: number,
  highest: number,
  otherwise: number,
  complaints: Complaint[],
): number {
  const text = query.text(name)
  if (text === undefined) return otherwise
  const read = readInteger(text)
  if (read !== undefined && read >= lowest && read <= highest) return read
  complaints.push({ code: 'invalid_value', about: name })
  return otherwise
}

function plainFilters(
  query: Query,
  { plain = [] }: ListRules<string>,
): readonly (readonly [string, readonly string[]])[] {
  return plain.flatMap((name) => {
    const value = query.text(name)
    return value === undefined ? [] : [[name, [value]] as const]
  })
}

function readSort<Column extends string>(
  query: Query,
  rules: ListRules<Column>,
): readonly { readonly column: Column | 'id'; readonly descending: boolean }[] {
  return (query.text('sort') ?? '').split(',').flatMap((written) => {
    const word = written.trim()
    const name = word.replace(/^[+-]/, '')
    const column = Object.hasOwn(rules.sort, name) ? rules.sort[name] : undefined
    return column === undefined ? [] : [{ column, descending: word.startsWith('-') }]
  })
}

/** Undefined when a value is not valid. */
function conditionsOf<Column extends string>(
  filter: Filter<Column>,
  values: readonly string[],
): readonly Condition<Column>[] | undefined {
  switch (filter.type) {
    case 'text':
      return textConditions(filter, values)
    case 'integer':
      return comparisons(filter.column, values, (text) => {
        const number = readInteger(text)
        return number === undefined ? undefined : { from: number, to: number }
      })
    case 'id': {
      const ids = values.map(readInteger)
      const known = ids.filter((id) => id !== undefined)
      return known.length === ids.length ? [{ is: 'id', values: known }] : undefined
    }
    case 'instant':
      return comparisons(filter.column, values, instantOf)
    case 'flag': {
      const flags = values.map(readFlag)
      if (flags.includes(undefined)) return undefined
      return [{ column: filter.column, is: 'any-of', values: flags.map((flag) => (flag ? 1 : 0)) }]
    }
    case 'term':
      return termConditions(values)
    case 'own':
      return filter.conditions(values)
  }
}

function textConditions<Column extends string>(
  { column, values: translate = (value) => value }: Extract<Filter<Column>, { type: 'text' }>,
  values: readonly string[],
): readonly Condition<Column>[] {
  const [first = ''] = values
  if (values.length === 1 && first.startsWith('%')) {
    const text = first.replace(/^%/, '').replace(/%$/, '')
    return text === '' ? [] : [{ column, is: 'contains', text }]
  }
  return [{ column, is: 'any-of', values: values.flatMap((value) => translate(value)) }]
}

/** A part of nothing is in every item. */
function termConditions(values: readonly string[]): readonly Condition<never>[] {
  const terms = values.map((value): TermCondition => {
    if (!value.startsWith('%')) return { is: 'term', text: value }
    return { is: 'term-contains', text: value.slice(1).replace(/%$/, '') }
  })
  if (terms.some(({ is, text }) => is === 'term-contains' && text === '')) return []
  const [first, ...others] = terms
  return first === undefined ? [] : others.length === 0 ? [first] : [{ is: 'any-term', terms }]
}

/** Several values are alternatives, so only one of them may compare. */
function comparisons<Column extends string>(
  column: Column,
  values: readonly string[],
  read: (text: string) => { readonly from: number; readonly to: number } | undefined,
): readonly Condition<Column>[] | undefined {
  const bounds = values.map((value) => readBounds(value, read))
  const [first] = bounds
  // What is equal to one value may be counted already; a range is not.
  if (first !== undefined && bounds.length === 1 && first.from !== first.to) {
    return [{ column, is: 'between', ...first }]
  }
  const exact = bounds.map((each) =>
    each?.from !== undefined && each.from === each.to ? each.from : undefined,
  )
  const numbers = exact.filter((number) => number !== undefined)
  return numbers.length === values.length ? [{ column, is: 'any-of', values: numbers }] : undefined
}

/** A day from its first to its last millisecond, a date-time with its whole second; UTC where nothing else is said. */
function instantOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const written = text.trim()
  if (/^\d{4}-\d{2}-\d{2}$/.test(written)) {
    const start = parseDay(written)
    return start === undefined ? undefined : { from: start, to: start + dayMs - 1 }
  }
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+ -]\d{2}:?\d{2})?$/i.exec(
    written,
  )
  if (parts === null) return undefined
  const [, date = '', time = '', zone = 'Z'] = parts
  const start = parseDateTime(`${date}T${time}${zone.replace(' ', '+')}`)
  return start === undefined ? undefined : { from: start, to: start + 999 }
}
