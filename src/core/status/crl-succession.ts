import { setImmediate } from 'node:timers/promises'
import type { Crl } from '../../pki/crl.ts'
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

/**
 * Checks that a new CRL may follow the last one: number and time rise, and no entry disappeared but those whose
 * certificate has expired or was reinstated where its CA may do that.
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
    readonly serialNumbers: ReadonlySet<string>
  },
  endAfter: Instant,
): Promise<void> {
  if (Buffer.compare(previous.issuerDer, authority.subjectDer) !== 0) {
    throw new CrlRefused('the CRL before it is of another issuer')
  }
  if (BigInt(next.number) <= (previous.crlNumber ?? 0n)) throw new CrlRefused('the CRL number does not rise')
  if (next.thisUpdate <= previous.thisUpdate) throw new CrlRefused('thisUpdate does not rise')
  const missing: Uint8Array[] = []
  let seen = 0
  for (const entry of previous.entries()) {
    if (!next.serialNumbers.has(serialText(entry.serialNumber))) missing.push(entry.serialNumber)
    if (++seen % ENTRIES_A_TURN === 0) await setImmediate()
  }
  for (let start = 0; start < missing.length; start += LOOKUPS_A_READ) {
    await checkMissing(store, authority, missing.slice(start, start + LOOKUPS_A_READ), endAfter)
  }
}

async function checkMissing(
  store: Store,
  authority: AuthorityRecord,
  serialNumbers: readonly Uint8Array[],
  endAfter: Instant,
): Promise<void> {
  const reinstatable = authority.grants.hold === true || authority.grants.reversibleRevocation === true
  const standings = await store.read((view) =>
    view.certificates.standings(
      serialNumbers.map((serialNumber) => ({ authorityId: authority.id, serialNumber })),
    ),
  )
  for (const [index, standing] of standings.entries()) {
    if (standing === undefined) throw new CrlRefused('a listed certificate is unknown to the store')
    const expired = standing.notAfter <= endAfter
    const reinstated = reinstatable && standing.state === 'issued' && standing.status === null
    if (expired || reinstated) continue
    const serialNumber = serialNumbers[index]
    throw new CrlRefused(
      `serial number ${serialNumber === undefined ? '' : serialText(serialNumber)} would disappear unexpired`,
    )
  }
}
