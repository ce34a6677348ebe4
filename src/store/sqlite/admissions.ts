import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Instant } from '../../core/brand.ts'
import { isFault } from '../../core/faults.ts'
import type { Admissions, RateWindow, Refusal, WindowFill } from '../../core/store/admissions.ts'
import { storeBusy, storeFailed, storeFull } from '../pending.ts'
import { sqliteTrouble } from './errors.ts'

/** How long another process that opens the file is waited for. */
const OPENING_TIMEOUT_MS = 5
/** How long another process's admission is waited for, with the event loop free for others. */
const PATIENCE_MS = 500
/** So many turns of the event loop come back to it, as an admission takes some ten microseconds; then there are pauses. */
const QUICK_ATTEMPTS = 50
const PAUSE_MS = 5
/** Changed pages that are written back at once. */
const CHECKPOINT_PAGES = 4_000

interface KeyRow {
  readonly id: number
  readonly sequence: number
  readonly last: number
}

/**
 * Rolling windows in a file of their own beside the database, so that an admission neither waits for the sync of
 * a transaction nor needs one. Admissions of a key are numbered; a window of n is full when the n-th last one lies
 * in it, so each costs two look-ups whatever the limit.
 *
 * The file is opened at the first admission.
 */
export class SqliteAdmissions implements Admissions {
  readonly #path: string
  #file: OpenFile | undefined
  #closed = false

  constructor(databasePath: string) {
    this.#path = `${databasePath}.limits`
  }

  admit(
    name: string,
    windows: readonly RateWindow[],
    now: Instant,
  ): Refusal | undefined | Promise<Refusal | undefined> {
    return this.#guarded((file) => {
      // A window that is full stays so until its time: whoever is refused changes nothing, and waits for no lock.
      const known = keyRow(file, name)
      const full = known && fullWindow(file, known, windows, now)
      if (full !== undefined) return full
      file.database.exec('BEGIN IMMEDIATE')
      try {
        const refusal = admitIn(file, name, windows, now)
        file.database.exec('COMMIT')
        return refusal
      } catch (error) {
        if (file.database.isTransaction) file.database.exec('ROLLBACK')
        throw error
      }
    })
  }

  fill(
    name: string,
    windows: readonly RateWindow[],
    now: Instant,
  ): readonly WindowFill[] | Promise<readonly WindowFill[]> {
    return this.#guarded((file) => {
      const key = keyRow(file, name)
      return windows.map((window) =>
        key === undefined ? { used: 0, freesInMs: 0 } : fillOf(file, key, window, now),
      )
    })
  }

  forget(prefix: string, before: Instant, limit: number): number | Promise<number> {
    return this.#guarded((file) => {
      file.database.exec('BEGIN IMMEDIATE')
      try {
        const idle = file.idle.all(prefix, afterPrefix(prefix), before, limit)
        for (const { id } of idle) {
          file.forget.run(id ?? 0, Number.MAX_SAFE_INTEGER)
          file.forgetKey.run(id ?? 0)
        }
        file.database.exec('COMMIT')
        return idle.length
      } catch (error) {
        if (file.database.isTransaction) file.database.exec('ROLLBACK')
        throw error
      }
    })
  }

  close(): void {
    this.#closed = true
    this.#file?.database.close()
    this.#file = undefined
  }

  /** At once where the file is free, which is nearly always. */
  #guarded<Result>(work: (file: OpenFile) => Result): Result | Promise<Result> {
    try {
      return this.#attempt(work)
    } catch (error) {
      if (!isFault(error, 'store_busy')) throw error
      return this.#waiting(work)
    }
  }

  async #waiting<Result>(work: (file: OpenFile) => Result): Promise<Result> {
    const deadline = performance.now() + PATIENCE_MS
    for (let attempt = 1; ; attempt++) {
      await (attempt <= QUICK_ATTEMPTS ? nextTurn() : delay(PAUSE_MS))
      try {
        return this.#attempt(work)
      } catch (error) {
        if (!isFault(error, 'store_busy') || performance.now() > deadline) throw error
      }
    }
  }

  #attempt<Result>(work: (file: OpenFile) => Result): Result {
    if (this.#closed) throw storeFailed()
    try {
      this.#file ??= new OpenFile(this.#path)
      return work(this.#file)
    } catch (error) {
      const trouble = sqliteTrouble(error)
      if (trouble === 'busy') throw storeBusy(error)
      if (trouble === 'full') throw storeFull(error)
      if (trouble === 'failed') throw storeFailed(error)
      throw error
    }
  }
}

/** The first text behind all that begin with a prefix. */
function afterPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}

/** Times of one key never fall from one admission to the next, whichever process's clock they come from. */
function admitIn(
  file: OpenFile,
  name: string,
  windows: readonly RateWindow[],
  now: Instant,
): Refusal | undefined {
  const key = keyRow(file, name) ?? {
    id: Number(file.makeKey.run(name).lastInsertRowid),
    sequence: 0,
    last: 0,
  }
  const refusal = fullWindow(file, key, windows, now)
  if (refusal !== undefined) return refusal
  const isForeign = isOfForeignTime(key, windows, now)
  const at = isForeign ? now : Math.max(now, key.last)
  const sequence = isForeign ? 0 : key.sequence
  if (isForeign) file.forget.run(key.id, key.sequence)
  const kept = Math.max(...windows.map(({ limit }) => limit))
  file.add.run(key.id, sequence + 1, at)
  file.forget.run(key.id, sequence + 1 - kept)
  file.advance.run(sequence + 1, at, key.id)
  return undefined
}

/** The first window that takes no more. */
function fullWindow(
  file: OpenFile,
  key: KeyRow,
  windows: readonly RateWindow[],
  now: Instant,
): Refusal | undefined {
  if (isOfForeignTime(key, windows, now)) return undefined
  const at = Math.max(now, key.last)
  for (const [place, { limit, windowMs }] of windows.entries()) {
    const oldest = oldestOf(file, key, limit)
    if (oldest === undefined) continue
    const retryAfterMs = oldest + windowMs - at
    if (retryAfterMs > 0) return { place, retryAfterMs }
  }
  return undefined
}

/**
 * Times of a key never fall with their numbers, so the oldest in a window is found by halving, after a look at all that
 * there are: who calls often has the window full, or all of his calls in it.
 */
function fillOf(file: OpenFile, key: KeyRow, { limit, windowMs }: RateWindow, now: Instant): WindowFill {
  let oldest: Instant | undefined
  let used = 0
  let most = Math.min(limit, key.sequence)
  for (let tried = most; used < most; tried = Math.ceil((used + most) / 2)) {
    const at = oldestOf(file, key, tried)
    if (at !== undefined && at > now - windowMs) {
      used = tried
      oldest = at
    } else most = tried - 1
  }
  return { used, freesInMs: oldest === undefined ? 0 : oldest + windowMs - now }
}

/** A clock that was put back by more than the longest window would refuse everybody until it is there again. */
function isOfForeignTime({ last }: KeyRow, windows: readonly RateWindow[], now: Instant): boolean {
  return last - now > Math.max(...windows.map(({ windowMs }) => windowMs))
}

/** When the first of the latest `limit` admissions was; undefined when there were fewer. */
function oldestOf(file: OpenFile, { id, sequence }: KeyRow, limit: number): Instant | undefined {
  const found = sequence < limit ? undefined : file.at.get(id, sequence - limit + 1)?.at
  return found === undefined ? undefined : Number(found)
}

function keyRow(file: OpenFile, name: string): KeyRow | undefined {
  const row = file.key.get(name)
  return row && { id: Number(row.id), sequence: Number(row.sequence), last: Number(row.last) }
}

class OpenFile {
  readonly database: DatabaseSync
  readonly key: StatementSync
  readonly makeKey: StatementSync
  readonly at: StatementSync
  readonly add: StatementSync
  readonly forget: StatementSync
  readonly advance: StatementSync
  readonly idle: StatementSync
  readonly forgetKey: StatementSync

  constructor(path: string) {
    const database = new DatabaseSync(path, { timeout: OPENING_TIMEOUT_MS })
    this.database = database
    try {
      // In this mode a commit is not synced, and a power failure loses the last ones but no more.
      database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA trusted_schema = OFF`)
      database.exec(`
        CREATE TABLE IF NOT EXISTS rate_key (
          id integer PRIMARY KEY, name text NOT NULL UNIQUE, sequence integer NOT NULL, last integer NOT NULL
        ) STRICT;
        CREATE TABLE IF NOT EXISTS admission (
          key_id integer NOT NULL, sequence integer NOT NULL, at integer NOT NULL, PRIMARY KEY (key_id, sequence)
        ) STRICT, WITHOUT ROWID`)
      this.key = database.prepare('SELECT id, sequence, last FROM rate_key WHERE name = ?')
      this.makeKey = database.prepare('INSERT INTO rate_key (name, sequence, last) VALUES (?, 0, 0)')
      this.at = database.prepare('SELECT at FROM admission WHERE key_id = ? AND sequence = ?')
      this.add = database.prepare('INSERT INTO admission (key_id, sequence, at) VALUES (?, ?, ?)')
      this.forget = database.prepare('DELETE FROM admission WHERE key_id = ? AND sequence <= ?')
      this.idle = database.prepare(
        'SELECT id FROM rate_key WHERE name >= ? AND name < ? AND last < ? LIMIT ?',
      )
      this.forgetKey = database.prepare('DELETE FROM rate_key WHERE id = ?')
      this.advance = database.prepare('UPDATE rate_key SET sequence = ?, last = ? WHERE id = ?')
      // From here on whoever finds it locked comes back: the engine would sleep for milliseconds.
      database.exec('PRAGMA busy_timeout = 0')
    } catch (error) {
      database.close()
      throw error
    }
  }
}
