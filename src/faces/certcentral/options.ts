import type { RateWindow } from '../../core/store/admissions.ts'

/** What this face needs beside the engine. */
export interface CertcentralOptions {
  /** Windows for the requests of one API key, the shortest first; none: no limits. */
  readonly rates: readonly RateWindow[]
  /**
   * Reads a JSON body within the bounds of the HTTP layer; its objects have no prototype.
   * @throws an error with a `statusCode` of 4xx
   */
  readonly parseJson: (body: Buffer) => unknown
}

/** 100 requests in 5 seconds and 1000 in 3 minutes. */
export const defaultRates: readonly RateWindow[] = [
  { limit: 100, windowMs: 5_000 },
  { limit: 1_000, windowMs: 180_000 },
]
