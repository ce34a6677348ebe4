/** What an error of SQLite means for the store. */
export type SqliteTrouble =
  /** Another process holds the lock; nothing happened. */
  | 'busy'
  /** No space; the transaction is lost, the database is sound. */
  | 'full'
  /** Writing, syncing or reading failed, or what was read is damaged. */
  | 'failed'
  /** A statement of ours was refused, by a constraint or because it is wrong. */
  | 'refused'

const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26
/** The shared-memory file could not grow, which is how a full disk shows before the first write. */
const IOERR_SHMSIZE = IOERR | (19 << 8)

/** Classifies an error by SQLite's (extended) result code; undefined when it is not one of SQLite's. */
export function sqliteTrouble(error: unknown): SqliteTrouble | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  if (error.errcode === IOERR_SHMSIZE) return 'full'
  switch (error.errcode & 0xff) {
    case BUSY:
    case LOCKED:
      return 'busy'
    case FULL:
      return 'full'
    case IOERR:
    case CORRUPT:
    case NOTADB:
    case READONLY:
    case CANTOPEN:
      return 'failed'
    default:
      return 'refused'
  }
}
