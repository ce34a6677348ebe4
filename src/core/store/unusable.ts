/** Why a store cannot be opened. */
export type StoreDefect =
  /** A later version of the program made or changed it. */
  | 'newer-than-program'
  /** Its list of applied migrations is not a prefix of ours. */
  | 'foreign-schema'
  /** The database does not promise that a committed transaction survives a power loss. */
  | 'not-durable'
  /** Another process holds it for longer than the waiting time. */
  | 'locked'
  /** It cannot be reached, read or written. */
  | 'unreachable'

/** Raised when a store is opened that must not or cannot be used; the message says what to do. */
export class StoreUnusable extends Error {
  readonly defect: StoreDefect

  constructor(defect: StoreDefect, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreUnusable'
    this.defect = defect
  }
}
