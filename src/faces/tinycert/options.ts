import type { LoginThrottle } from '../../core/accounts/login-throttle.ts'
import type { Pkcs12Builder } from '../../core/keys/pkcs12.ts'

/** What this face needs beside the engine. */
export interface TinycertOptions {
  readonly pkcs12: Pkcs12Builder
  /** One for the whole process, however many listeners the face is mounted on. */
  readonly loginThrottle: LoginThrottle
}
