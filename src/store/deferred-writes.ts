import type { BoundStatement, Statement } from './statement.ts'

/**
 * Changes of one transaction that are written once, at its end, however many programs made them: sums, and the last of
 * numbers that were drawn. Hundreds of items in a commit are counted in the same few rows.
 */
export class DeferredWrites {
  readonly #sums = new Map<Statement, Map<string, { readonly values: readonly unknown[]; amount: number }>>()
  /** By the text that reads the number: several statements may draw from one counter. */
  readonly #numbers = new Map<string, { readonly keeps: Statement; last: number }>()

  /** Adds what is bound last to what was added to the same row before. */
  add({ statement, values }: BoundStatement): void {
    const row = values.slice(0, -1)
    const amount = Number(values.at(-1))
    const rows = this.#sums.get(statement) ?? new Map()
    if (rows.size === 0) this.#sums.set(statement, rows)
    // What is bound are numbers and texts, and no text that a column takes has this character.
    const key = row.join('\0')
    const sum = rows.get(key)
    if (sum === undefined) rows.set(key, { values: row, amount })
    else sum.amount += amount
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

  /** Writes all of them: told are the statements, each with the values of every row it is for. */
  settle(write: (statement: Statement, rows: readonly (readonly unknown[])[]) => void): void {
    for (const [statement, sums] of this.#sums) {
      const rows: unknown[][] = []
      for (const { values, amount } of sums.values()) if (amount !== 0) rows.push([...values, amount])
      if (rows.length > 0) write(statement, rows)
      sums.clear()
    }
    for (const { keeps, last } of this.#numbers.values()) write(keeps, [[last]])
    this.#numbers.clear()
  }

  /** Drops all of them: the transaction is rolled back, or the part of it that made them. */
  forget(): void {
    for (const rows of this.#sums.values()) rows.clear()
    this.#numbers.clear()
  }
}
