import type { Instant } from './brand.ts'

/** The wall clock, injected: tests and the sandbox move it. */
export interface Clock {
  now(): Instant
}

/** The source of randomness, injected: tests repeat it. Must be a CSPRNG in production. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** Where a test may stop or delay the program: every step of issuance, revocation and CRL publication. */
export type StopPoint =
  | 'issue.before-reserve'
  | 'issue.reserved'
  | 'issue.linted'
  | 'issue.signed'
  | 'issue.verified'
  | 'issue.recorded'
  | 'revoke.before-commit'
  | 'revoke.committed'
  | 'crl.built'
  | 'crl.signed'
  | 'crl.recorded'
  | 'passphrase.before-commit'
  | 'passphrase.committed'
  | 'master-key.new-file'
  | 'master-key.committed'
  | 'master-key.renamed'
  | 'migration.step'

/** Named stop points; absent in production. A returned promise delays the step, an exception aborts it. */
export type StopPoints = (point: StopPoint) => void | Promise<void>

/** Log sink for what an operator has to see. Facts never hold secrets. */
export interface Log {
  info(facts: Readonly<Record<string, unknown>>, message: string): void
  warn(facts: Readonly<Record<string, unknown>>, message: string): void
  error(facts: Readonly<Record<string, unknown>>, message: string): void
}

/** What every verb needs from the world around it. */
export interface Environment {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly stopAt?: StopPoints
}
