import type { BoundStatement, Statement } from './statement.ts'

/** Rows that one statement stores at most. */
const MOST_ROWS = 16

/** Tells an engine a statement and the values of every row that it is for. */
export type Writing = (statement: Statement, rows: readonly (readonly unknown[])[]) => void

/**
 * Changes of one transaction that are written at its end, however many programs made them: sums, the last of numbers
 * that were drawn, and rows. Hundreds of items in a commit are counted in the same few rows, and an engine that is asked
 * over a connection stores many of them with one statement.
 */
export class DeferredWrites {
  /** How often each was made: the same ones are made for many items. */
  readonly #additions = new Map<BoundStatement, number>()
  /** By the text that reads the number: several statements may draw from one counter. */
  readonly #numbers = new Map<string, { readonly keeps: Statement; last: number }>()
  readonly #rows = new Map<Statement, (readonly unknown[])[]>()

  /** Adds what is bound last to the row that all else says. */
  add(addition: BoundStatement): void {
    this.#additions.set(addition, (this.#additions.get(addition) ?? 0) + 1)
  }

  /** The number after the last one. @param read gives the last one that was written */
  next({ statement: { text, keeps } }: BoundStatement, read: () => number): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) {
      known.last += 1
      return known.last
    }
    if (keeps === undefined) throw new TypeError('a number that nothing keeps')
    const last = read() + 1
    this.#numbers.set(text, { keeps, last })
    return last
  }

  /** Puts off a row. */
  store({ statement, values }: BoundStatement): void {
    const rows = this.#rows.get(statement)
    if (rows === undefined) this.#rows.set(statement, [values])
    else rows.push(values)
  }

  /** Writes the rows alone. */
  settleRows(write: Writing): void {
    for (const [{ forRows }, rows] of this.#rows) {
      if (forRows === undefined) throw new TypeError('a row that nothing stores')
      for (let start = 0; start < rows.length; ) {
        const count = Math.min(MOST_ROWS, 2 ** Math.floor(Math.log2(rows.length - start)))
        write(forRows(count), rows.slice(start, start + count))
        start += count
      }
    }
    this.#rows.clear()
  }

  /** Writes everything. */
  settle(write: Writing): void {
    this.settleRows(write)
    for (const [statement, sums] of summed(this.#additions)) {
      const rows: unknown[][] = []
      for (const { row, amount } of sums.values()) if (amount !== 0) rows.push([...row, amount])
      if (rows.length > 0) write(statement, rows)
    }
    this.#additions.clear()
    for (const { keeps, last } of this.#numbers.values()) write(keeps, [[last]])
    this.#numbers.clear()
  }

  /** Drops all of them: the transaction is rolled back, or the part of it that made them. */
  forget(): void {
    this.#additions.clear()
    this.#numbers.clear()
    this.#rows.clear()
  }
}

/** What a row changes by: all but the last of its values, and the sum that is the last. */
interface Sum {
  readonly row: readonly unknown[]
  amount: number
}

/** One sum for each row, by statement. */
function summed(
  additions: ReadonlyMap<BoundStatement, number>,
): ReadonlyMap<Statement, ReadonlyMap<string, Sum>> {
  const sums = new Map<Statement, Map<string, Sum>>()
  for (const [{ statement, values }, times] of additions) {
    const rows = sums.get(statement) ?? new Map()
    sums.set(statement, rows)
    const row = values.slice(0, -1)
    const amount = Number(values.at(-1)) * times
    // What is bound are numbers and texts, and no text that a column takes has this character.
    const key = row.join('\0')
    const sum = rows.get(key)
    if (sum === undefined) rows.set(key, { row, amount })
    else sum.amount += amount
  }
  return sums
}
