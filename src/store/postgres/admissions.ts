import { sql } from 'kysely'
import type { Instant } from '../../core/brand.ts'
import type { Admissions, RateWindow, Refusal, WindowFill } from '../../core/store/admissions.ts'
import type { Program } from '../../core/store/program.ts'
import { compilable } from '../collections/raw.ts'
import { postgresDialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'

type Run = <Result>(start: () => Program<Result>) => Promise<Result>

interface Asked {
  readonly name: string
  readonly limits: readonly number[]
  readonly spans: readonly number[]
  readonly now: Instant
}

/**
 * Rolling windows in unlogged tables: their transactions wait for no sync. One call of a function of the database
 * (migration 17) does it all, behind the lock of the key's row.
 */
export class PostgresAdmissions implements Admissions {
  readonly #run: Run

  /** @param run runs a program on any connection, each statement by itself; it may start it again */
  constructor(run: Run) {
    this.#run = run
  }

  async admit(name: string, windows: readonly RateWindow[], now: Instant): Promise<Refusal | undefined> {
    const found = await this.#run(() => admission.first(asked(name, windows, now)))
    if (found?.place == null || found.retry_after == null) return undefined
    return { place: found.place - 1, retryAfterMs: found.retry_after }
  }

  async fill(name: string, windows: readonly RateWindow[], now: Instant): Promise<readonly WindowFill[]> {
    const found = await this.#run(() => fill.all(asked(name, windows, now)))
    return found.map(({ used, frees_in: freesIn }) => ({ used, freesInMs: freesIn }))
  }

  async forget(prefix: string, before: Instant, limit: number): Promise<number> {
    const found = await this.#run(() => forgetting.first({ prefix, before, limit }))
    return found?.forgotten ?? 0
  }
}

const { db, row, rows } = statementsOf(postgresDialect().db)

const admission = row(({ name, limits, spans, now }: Given<Asked>) =>
  compilable<{ place: number | null; retry_after: number | null }>(
    db,
    sql`select place, retry_after
        from admit(${name}, ${limits}::bigint[], ${spans}::bigint[], ${now}::bigint)`,
  ),
)

const fill = rows(({ name, limits, spans, now }: Given<Asked>) =>
  compilable<{ used: number; frees_in: number }>(
    db,
    sql`select counted.used, coalesce(counted.oldest + asked.span - ${now}::bigint, 0) as frees_in
        from unnest(${limits}::bigint[], ${spans}::bigint[]) with ordinality as asked(most, span, place)
        cross join lateral (
          select count(*) as used, min(admission.moment) as oldest from admission
          join rate_key on rate_key.id = admission.key_id
          where rate_key.name = ${name}
            and admission.sequence > rate_key.sequence - asked.most
            and admission.moment > ${now}::bigint - asked.span
        ) as counted
        order by asked.place`,
  ),
)

const forgetting = row(
  ({ prefix, before, limit }: Given<{ prefix: string; before: Instant; limit: number }>) =>
    compilable<{ forgotten: number }>(
      db,
      sql`with gone as (
            delete from rate_key where id in (
              select id from rate_key where starts_with(name, ${prefix}) and last < ${before}::bigint
              limit ${limit}::bigint for update skip locked
            ) returning id
          ), emptied as (
            delete from admission where key_id in (select id from gone)
          )
          select count(*) as forgotten from gone`,
    ),
)

function asked(name: string, windows: readonly RateWindow[], now: Instant): Asked {
  return {
    name,
    limits: windows.map(({ limit }) => limit),
    spans: windows.map(({ windowMs }) => windowMs),
    now,
  }
}
