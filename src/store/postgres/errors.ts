/** What an error of PostgreSQL, or of the way to it, means for the store. */
export type PostgresTrouble =
  /** Two transactions stood in each other's way; the same again may work. */
  | 'conflict'
  /** A lock was not to be had in time. */
  | 'busy'
  /** No space; the transaction is lost, the database is sound. */
  | 'full'
  /** Reading or writing failed, or what was read is damaged. */
  | 'failed'
  /** The connection is gone or refused; what was not committed is lost. */
  | 'lost'
  /** A statement of ours was refused, by a constraint or because it is wrong. */
  | 'refused'

const QUERY_CANCELED = '57014'

const BY_STATE: Readonly<Record<string, PostgresTrouble>> = {
  // serialization_failure, deadlock_detected
  '40001': 'conflict',
  '40P01': 'conflict',
  // lock_not_available
  '55P03': 'busy',
  [QUERY_CANCELED]: 'busy',
  // disk_full
  '53100': 'full',
  // io_error, undefined_file, data_corrupted, index_corrupted
  '58030': 'failed',
  '58P01': 'failed',
  XX001: 'failed',
  XX002: 'failed',
  // too_many_connections, idle_in_transaction_session_timeout, transaction_timeout
  '53300': 'lost',
  '25P03': 'lost',
  '25P04': 'lost',
  // read_only_sql_transaction: a standby answers where the primary was
  '25006': 'lost',
}

/** Did the server end the statement, as it does when its time is over? */
export function wasCanceled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === QUERY_CANCELED
}

/** Classifies an error by SQLSTATE; whatever comes without one is the connection's. */
export function postgresTrouble(error: unknown): PostgresTrouble {
  // A value that cannot be sent is our mistake.
  if (error instanceof TypeError || error instanceof RangeError) return 'refused'
  const state = error instanceof Error && 'code' in error ? error.code : undefined
  // Every SQLSTATE has a digit; EPIPE of the operating system has none.
  if (typeof state !== 'string' || !/^(?=.*\d)[0-9A-Z]{5}$/.test(state)) return 'lost'
  // Class 08: connection exceptions. Class 57P: the server shuts down, starts, or ended the session.
  if (state.startsWith('08') || state.startsWith('57P')) return 'lost'
  return BY_STATE[state] ?? 'refused'
}
