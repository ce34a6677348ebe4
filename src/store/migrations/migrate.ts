import type { StopPoints } from '../../core/environment.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import type { Dialect } from '../dialect.ts'
import { collectionTable } from './collection-table.ts'
import { migrations as allMigrations } from './index.ts'
import { type Migration, migrationTools, scatteredColumns } from './migration.ts'
import { rebuildTerms } from './rebuild-terms.ts'
import { type MigrationSession, runQuery } from './session.ts'

/**
 * Brings a store to the present schema, one transaction for each migration, so that a process killed midway
 * leaves the schema before or after one of them and the next start goes on from there.
 *
 * @throws StoreUnusable newer-than-program, foreign-schema
 */
export async function migrate(
  dialect: Dialect,
  session: MigrationSession,
  stopAt?: StopPoints,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  for (;;) {
    await session.begin()
    try {
      const next = await nextMigration(dialect, session, migrations)
      if (next !== undefined) {
        const before = migrations.slice(0, migrations.indexOf(next))
        await apply(dialect, session, next, before, stopAt)
      }
      await session.commit()
      if (next === undefined) return
    } catch (error) {
      await session.rollback()
      throw error
    }
  }
}

async function apply(
  dialect: Dialect,
  session: MigrationSession,
  migration: Migration,
  before: readonly Migration[],
  stopAt: StopPoints | undefined,
): Promise<void> {
  const tools = migrationTools(dialect)
  const collections = (migration.collections ?? []).flatMap((table) => collectionTable(tools, table))
  for (const statement of [...collections, ...(migration.up?.(tools) ?? [])]) {
    await runQuery(session, statement, 'changes')
    await stopAt?.('migration.step')
  }
  for (const collection of Object.keys(migration.scattered ?? {})) {
    // The index is made anew, so that it needs what earlier migrations found by it as well.
    const columns = scatteredColumns([...before, migration], collection)
    await rebuildTerms(dialect, session, collection, columns)
    await stopAt?.('migration.step')
  }
  const { number, name } = migration
  await runQuery(session, dialect.db.insertInto('schema_migration').values({ number, name }), 'changes')
}

/** The first migration that did not run here, or undefined when all did. */
async function nextMigration(
  dialect: Dialect,
  session: MigrationSession,
  migrations: readonly Migration[],
): Promise<Migration | undefined> {
  const { table } = migrationTools(dialect)
  const log = table('schema_migration', { number: 'integer*', name: 'text' }).ifNotExists()
  await runQuery(session, log, 'changes')
  const listing = dialect.db.selectFrom('schema_migration').select(['number', 'name']).orderBy('number')
  const applied = (await runQuery(session, listing, 'rows')) as readonly { number: number; name: string }[]
  for (const [place, { number, name }] of applied.entries()) {
    const known = migrations[place]
    if (known === undefined) throw newerThanProgram(number, migrations.at(-1)?.number ?? 0)
    if (known.number !== number || known.name !== name) {
      throw new StoreUnusable(
        'foreign-schema',
        `the database has schema change ${number} "${name}" where this program has ${known.number} "${known.name}"; it belongs to another program or build`,
      )
    }
  }
  return migrations[applied.length]
}

/** The error for a database that a later version of the program changed. */
export function newerThanProgram(found: number, known: number): StoreUnusable {
  return new StoreUnusable(
    'newer-than-program',
    `the database is newer than the program: it has schema version ${found}, this program knows ${known}; install the version that last ran here, or a later one`,
  )
}
