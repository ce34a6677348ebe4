import type { Pkcs12Builder } from '../../core/keys/pkcs12.ts'
import type { RateWindow } from '../../core/store/admissions.ts'

/** What this face needs beside the engine. */
export interface OneOptions {
  /** Windows for the requests of one credential, the shortest first; none: no limits. */
  readonly rates: readonly RateWindow[]
  /** `list`: errors under `errors`, the first repeated at the top. `single`: one object under `error`. */
  readonly errorShape: 'list' | 'single'
  readonly pkcs12: Pkcs12Builder
  /**
   * Reads a JSON body within the bounds of the HTTP layer; its objects have no prototype.
   * @throws an error with a `statusCode` of 4xx
   */
  readonly parseJson: (body: Buffer) => unknown
}
