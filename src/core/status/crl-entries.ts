import { setImmediate } from 'node:timers/promises'
import { TbsCertListBuilder, type TbsCertListOptions } from '../../pki/crl-builder.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import type { StatusRecord } from '../certificates/certificate.ts'
import type { Store } from '../store/store.ts'
import { crlShardOf } from './crl-shards.ts'

/** The tbsCertList of one shard, and whom it lists. */
export interface CrlDraft {
  readonly shard: number
  readonly entries: number
  readonly tbsDer: Uint8Array
  /** Serial numbers on it, in hexadecimal. */
  readonly serialNumbers: ReadonlySet<string>
}

const ROWS_A_PAGE = 5_000

/**
 * Builds all shards of a CA's CRL from one walk over its revoked, held and closed certificates, a page at a time.
 * @param endAfter certificates that ended before it are left out
 */
export async function draftCrls(
  store: Store,
  authority: AuthorityId,
  endAfter: Instant,
  thisUpdate: Instant,
  shards: readonly Omit<TbsCertListOptions, 'thisUpdate'>[],
): Promise<CrlDraft[]> {
  const lists = shards.map((options) => ({
    builder: new TbsCertListBuilder({ ...options, thisUpdate }),
    serialNumbers: new Set<string>(),
  }))
  const add = (row: StatusRecord) => {
    const list = lists[crlShardOf(row.serialNumber, lists.length)]
    const text = serialText(row.serialNumber)
    // A closed reservation that was revoked as well would be listed twice.
    if (list === undefined || list.serialNumbers.has(text)) return
    list.serialNumbers.add(text)
    list.builder.add({
      serialNumber: row.serialNumber,
      // A clock that ran ahead told when, and a later date than the list's own would say that it is not revoked yet.
      revocationDate: Math.min(row.at, thisUpdate),
      ...(row.reason === 0 ? {} : { reasonCode: row.reason }),
    })
  }
  for (const rows of ['page', 'closed'] as const) {
    for (let after = 0; ; ) {
      const page = await store.read((view) => view.status[rows](authority, endAfter, after, ROWS_A_PAGE))
      for (const row of page) add(row)
      const last = page.at(-1)
      if (last === undefined || page.length < ROWS_A_PAGE) break
      after = last.certificateId
      await setImmediate()
    }
  }
  return lists.map(({ builder, serialNumbers }, shard) => ({
    shard,
    entries: serialNumbers.size,
    tbsDer: builder.finish(),
    serialNumbers,
  }))
}

export function serialText(serialNumber: Uint8Array): string {
  const { buffer, byteOffset, length } = serialNumber
  return Buffer.from(buffer, byteOffset, length).toString('hex')
}
