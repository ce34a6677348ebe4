import type { LoginThrottle } from '../../core/accounts/login-throttle.ts'
import type { Pkcs12Builder } from '../../core/keys/pkcs12.ts'
import type { CreationRates } from './rate-limit.ts'

/** What this face needs beside the engine. */
export interface TinycertOptions {
  readonly rates: CreationRates
  readonly pkcs12: Pkcs12Builder
  /** One for the whole process, however many listeners the face is mounted on. */
  readonly loginThrottle: LoginThrottle
}

const fiveMinutes = 5 * 60_000

/** 10 CAs and 100 certificates, new or reissued, in 5 minutes. */
export const defaultCreationRates: CreationRates = {
  authorities: { limit: 10, windowMs: fiveMinutes },
  certificates: { limit: 100, windowMs: fiveMinutes },
}
