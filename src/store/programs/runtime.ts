import type { Instant } from '../../core/brand.ts'
import type { RuntimeReads, RuntimeWrites, SettingName } from '../../core/store/runtime.ts'
import type { Dialect } from '../dialect.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'

/** Settings of the installation, and leases of its processes. */
export function runtimePrograms(dialect: Dialect): RuntimeReads & RuntimeWrites {
  const { db, row, change } = statementsOf(dialect.db)

  const setting = row(({ name }: Given<{ name: SettingName }>) =>
    db.selectFrom('setting').select('value').where('name', '=', name),
  )
  const holdSetting = row(({ name }: Given<{ name: SettingName }>) =>
    db
      .selectFrom('setting')
      .select('value')
      .where('name', '=', name)
      .$if(dialect.capabilities.rowLocks, (query) => query.forUpdate()),
  )
  const setSetting = change(({ name, value }: Given<{ name: SettingName; value: string }>) =>
    db
      .insertInto('setting')
      .values({ name, value })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
      ),
  )
  const takeLease = change((given: Given<{ name: string; holder: string; now: Instant; until: Instant }>) =>
    db
      .insertInto('lease')
      .values({ name: given.name, holder: given.holder, until: given.until })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet((eb) => ({ holder: eb.ref('excluded.holder'), until: eb.ref('excluded.until') }))
          .where((eb) =>
            eb.or([eb('lease.holder', '=', eb.ref('excluded.holder')), eb('lease.until', '<=', given.now)]),
          ),
      ),
  )
  const releaseLease = change(({ name, holder }: Given<{ name: string; holder: string }>) =>
    db.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder),
  )
  const dropAfter = change(({ until }: Given<{ until: Instant }>) =>
    db.deleteFrom('lease').where('until', '>', until),
  )
  const dropEnded = change(({ now, limit }: Given<{ now: Instant; limit: number }>) =>
    db
      .deleteFrom('lease')
      .where('name', 'in', (from) =>
        from.selectFrom('lease').select('name').where('until', '<=', now).limit(atMost(limit)),
      ),
  )
  return {
    *setting(name) {
      return (yield* setting.first({ name }))?.value
    },
    *holdSetting(name) {
      return (yield* holdSetting.first({ name }))?.value
    },
    *setSetting(name, value) {
      yield* setSetting.run({ name, value })
    },
    *takeLease(name, holder, now, until) {
      return (yield* takeLease.run({ name, holder, now, until })) === 1
    },
    *releaseLease(name, holder) {
      yield* releaseLease.run({ name, holder })
    },
    dropLeasesAfter: (until) => dropAfter.run({ until }),
    dropEndedLeases: (now, limit) => dropEnded.run({ now, limit }),
  }
}
