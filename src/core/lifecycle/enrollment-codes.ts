import type { AccountId } from '../brand.ts'
import type { Random } from '../environment.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import type { Sealer } from '../keys/sealer.ts'

/** Letters and digits that nobody mistakes for one another. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const length = 16

/** What a code that somebody chooses has at least, in characters. */
export const SHORTEST_ENROLLMENT_CODE = 8

/** 80 random bits as 16 characters. */
export function newEnrollmentCode(random: Random): string {
  return Array.from(random.bytes(length), (byte) => alphabet.charAt(byte & 31)).join('')
}

/**
 * What a code is found by, so that nothing of it can be timed: lower-case hex of a keyed digest. Codes that people
 * choose are few enough to be tried one after the other against any digest that everybody can compute.
 */
export function codeDigest(sealer: Pick<Sealer, 'integrity'>, account: AccountId, code: string): string {
  return Buffer.from(sealer.integrity(sealContexts.enrollmentCode(account), [code])).toString('hex')
}
