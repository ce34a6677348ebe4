import type { AccountId, Instant } from '../brand.ts'
import type { Program } from './program.ts'

/** Names a request that may come again. */
export interface RepeatableRequest {
  readonly accountId: AccountId
  /** SHA-256 of the caller's key. */
  readonly keyDigest: Uint8Array
  /** SHA-256 of what else has to be the same: route and body. */
  readonly requestDigest: Uint8Array
}

/** A request with what it made. */
export interface BoundRequest extends Pick<RepeatableRequest, 'accountId' | 'keyDigest'> {
  readonly subject: string
}

/** What becomes of a claim. `subject`: JSON that tells what the request made. */
export type ClaimOutcome =
  /** The caller has the work; `subject` when an attempt before it had made something. */
  | { readonly state: 'claimed'; readonly subject: string | null }
  | { readonly state: 'running' }
  | { readonly state: 'finished'; readonly subject: string }
  /** The key came with another request. */
  | { readonly state: 'conflict' }

export interface IdempotencyWrites {
  /**
   * Takes the work on a request until `until`, unless somebody else has it or it is done. A request first made
   * before `expiredBefore` is forgotten.
   */
  claim(
    request: RepeatableRequest,
    attempt: string,
    now: Instant,
    until: Instant,
    expiredBefore: Instant,
  ): Program<ClaimOutcome>
  /** Tells what the request made, in the transaction that makes it; false when the attempt lost its claim. */
  bind(request: RepeatableRequest, attempt: string, subject: string): Program<boolean>
  /** Ends the work: as done when it made something, else as never begun. Without effect for a lost claim. */
  finish(request: RepeatableRequest, attempt: string): Program<void>
  /**
   * Requests whose subject has a member `sealed`, in one order, from the one after `after` on, whatever account's.
   */
  withSecret(
    after: Pick<RepeatableRequest, 'accountId' | 'keyDigest'> | undefined,
    limit: number,
  ): Program<readonly BoundRequest[]>
  /** Tells the same of a request in other words; without effect when it was told otherwise meanwhile. */
  replaceSubject(request: BoundRequest, subject: string): Program<void>
  /** Drops at most `limit` requests first made before `before`. */
  removeOlder(before: Instant, limit: number): Program<number>
}
