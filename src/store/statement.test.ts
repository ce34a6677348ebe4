import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RawBuilder, sql } from 'kysely'
import { compilable } from './collections/raw.ts'
import { postgresDialect, sqliteDialect } from './dialect.ts'
import { atMost, type Given } from './slots.ts'
import { BoundStatement, statementsOf } from './statement.ts'

type Values = { readonly limit: number } & Readonly<Record<`value${number}`, number>>

/** What an engine is handed for a query over so many values, each of which stands in it twice, with a limit. */
function handed(
  dialect: typeof postgresDialect,
  count: number,
  limited: (limit: RawBuilder<number>) => RawBuilder<number>,
): BoundStatement {
  const { db, rows } = statementsOf(dialect().db)
  const names = Array.from({ length: count }, (_, place): `value${number}` => `value${place}`)
  const query = rows((given: Given<Values>) => {
    const conditions = names.map((name) => sql`(a = ${given[name]} or b = ${given[name]})`)
    return compilable(
      db,
      sql`select id from t where ${sql.join(conditions, sql` and `)} limit ${limited(given.limit)}`,
    )
  })
  const values = Object.fromEntries(names.map((name, place) => [name, place]))
  const step = query.all({ ...values, limit: 1_000 }).next().value
  assert.ok(step instanceof BoundStatement)
  return step
}

test('where parameters have numbers, a value that stands in several places is bound once', () => {
  const { statement, values } = handed(postgresDialect, 2, atMost)
  assert.equal(
    statement.text,
    'select id from t where (a = $1 or b = $1) and (a = $2 or b = $2) limit $3 + 0',
  )
  assert.deepEqual(values, [0, 1, 1_000])
})

test('where parameters have no numbers, a value is bound for each place', () => {
  const { statement, values } = handed(sqliteDialect, 1, atMost)
  assert.equal(statement.text, 'select id from t where (a = ? or b = ?) limit ? + 0')
  assert.deepEqual(values, [0, 0, 1_000])
})

test('a limit that a run brings along is refused bare, and taken behind any number of values otherwise', () => {
  for (const dialect of [postgresDialect, sqliteDialect]) {
    for (const count of [1, 4, 5, 50]) {
      assert.throws(() => handed(dialect, count, (limit) => limit), /goes through `atMost`/)
      assert.equal(handed(dialect, count, atMost).values.at(-1), 1_000)
    }
  }
})
