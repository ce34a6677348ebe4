/** Count of events and last hash (hex) of each audit chain. */
export type ChainMarks = Readonly<Record<string, { readonly sequence: number; readonly hash: string }>>

/**
 * Marks kept outside the database, so that a database put back from an old copy is noticed: highest CRL number
 * of each issuer and shard (`"12/0"`), and where audit chains stand. Chains that marked ones vouch for need no
 * mark of their own.
 */
export interface HighWaterMarks {
  readonly crlNumbers: Readonly<Record<string, number>>
  readonly chains: ChainMarks
}

/** Where the marks live: a small file beside the database, replaced atomically. Marks only rise. */
export interface HighWater {
  read(): Promise<HighWaterMarks>
  /**
   * @param vouched marks to drop in the same step, because those that are raised cover them; one that has risen
   *   since stays
   */
  raise(marks: Partial<HighWaterMarks>, vouched?: ChainMarks): Promise<void>
}
