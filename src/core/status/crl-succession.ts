import { setImmediate } from 'node:timers/promises'
import type { Crl, CrlEntry } from '../../pki/crl.ts'
import type { AuthorityRecord } from '../authorities/authority.ts'
import type { Instant } from '../brand.ts'
import type { Store } from '../store/store.ts'
import { serialText } from './crl-entries.ts'

/** Raised when a CRL must not follow the one before it; the old one stays published. */
export class CrlRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CrlRefused'
  }
}

const ENTRIES_A_TURN = 5_000
const LOOKUPS_A_READ = 500
/** RFC 5280 section 5.3.1 */
const CERTIFICATE_HOLD = 6

/**
 * Checks that a new CRL may follow the last one: number and time rise, and no entry disappeared but those whose
 * certificate has expired or was reinstated: from hold, or from revocation where that is granted. The time may fall
 * where an operator accepted that the clock was put back; the number tells which CRL is the newer one.
 * @param endAfter as the new CRL was built with
 * @throws CrlRefused
 */
export async function checkSuccession(
  store: Store,
  authority: AuthorityRecord,
  previous: Crl,
  next: {
    readonly number: number
    readonly thisUpdate: Instant
    readonly isStepBack: boolean
    readonly serialNumbers: ReadonlySet<string>
  },
  endAfter: Instant,
): Promise<void> {
  if (Buffer.compare(previous.issuerDer, authority.subjectDer) !== 0) {
    throw new CrlRefused('the CRL before it is of another issuer')
  }
  if (BigInt(next.number) <= (previous.crlNumber ?? 0n)) throw new CrlRefused('the CRL number does not rise')
  if (next.thisUpdate <= previous.thisUpdate && !next.isStepBack) {
    throw new CrlRefused('thisUpdate does not rise')
  }
  const missing: CrlEntry[] = []
  let seen = 0
  for (const entry of previous.entries()) {
    if (!next.serialNumbers.has(serialText(entry.serialNumber))) missing.push(entry)
    if (++seen % ENTRIES_A_TURN === 0) await setImmediate()
  }
  for (let start = 0; start < missing.length; start += LOOKUPS_A_READ) {
    await checkMissing(store, authority, missing.slice(start, start + LOOKUPS_A_READ), endAfter)
  }
}

async function checkMissing(
  store: Store,
  authority: AuthorityRecord,
  entries: readonly CrlEntry[],
  endAfter: Instant,
): Promise<void> {
  const { hold, reversibleRevocation } = authority.grants
  const standings = await store.read((view) =>
    view.certificates.standings(
      entries.map(({ serialNumber }) => ({ authorityId: authority.id, serialNumber })),
    ),
  )
  for (const [index, { serialNumber, reasonCode }] of entries.entries()) {
    const standing = standings[index]
    if (standing === undefined) throw new CrlRefused('a listed certificate is unknown to the store')
    const expired = standing.notAfter <= endAfter
    const reinstatable = reversibleRevocation === true || (hold === true && reasonCode === CERTIFICATE_HOLD)
    const reinstated = reinstatable && standing.state === 'issued' && standing.status === null
    if (expired || reinstated) continue
    throw new CrlRefused(`serial number ${serialText(serialNumber)} would disappear unexpired`)
  }
}
