/**
 * Marks kept outside the database, so that a database put back from an old copy is noticed: highest CRL number
 * of each issuer and shard (`"12/0"`), and count and last hash (hex) of each audit chain.
 */
export interface HighWaterMarks {
  readonly crlNumbers: Readonly<Record<string, number>>
  readonly chains: Readonly<Record<string, { readonly sequence: number; readonly hash: string }>>
}

/** Where the marks live: a small file beside the database, replaced atomically. Marks only rise. */
export interface HighWater {
  read(): HighWaterMarks
  raise(marks: Partial<HighWaterMarks>): void
}
