import type { AuthorityId, Instant } from '../brand.ts'

/** A published CRL. Numbers of one issuer and shard only rise. */
export interface CrlRecord {
  readonly authorityId: AuthorityId
  /** 0 while a CA has one CRL. */
  readonly shard: number
  /** RFC 5280 section 5.2.3; derived from time so that a restored store jumps ahead. Below 2^53. */
  readonly number: number
  readonly thisUpdate: Instant
  readonly nextUpdate: Instant
  readonly entries: number
  readonly der: Uint8Array
}
