import type { CertificateState } from '../../src/core/certificates/certificate.ts'
import type { StorePlace } from '../support/stores.ts'
import { digestOf } from './journal.ts'

type Query = StorePlace['query']

/** A certificate as its rows tell, read without the program's own queries. */
export interface CertificateRow {
  readonly id: number
  readonly serialNumber: string
  readonly state: CertificateState
  readonly tbsDigest: string
}

/** Certificates of a CA after an id, in order of id. */
export async function certificateRows(query: Query, authority: number, after: number) {
  const rows = await query(
    `SELECT c.id, c.serial_number, b.tbs_der, i.certificate_id AS issued, e.state AS ended,
            o.certificate_id AS reserved
     FROM certificate c
     JOIN certificate_body b ON b.certificate_id = c.id
     LEFT JOIN issuance i ON i.certificate_id = c.id
     LEFT JOIN ended_reservation e ON e.certificate_id = c.id
     LEFT JOIN open_reservation o ON o.certificate_id = c.id
     WHERE c.authority_id = ${authority} AND c.id > ${after} ORDER BY c.id`,
  )
  return rows.map((row): CertificateRow => {
    const id = Number(row.id)
    const states = [
      ...(row.issued === null ? [] : ['issued' as const]),
      ...(row.reserved === null ? [] : ['reserved' as const]),
      ...(row.ended === 'aborted' ? ['aborted' as const] : row.ended === 'closed' ? ['closed' as const] : []),
    ]
    const [state] = states
    if (state === undefined || states.length > 1) {
      throw new Error(`certificate ${id} is in ${states.length} states: ${states.join(', ')}`)
    }
    return { id, serialNumber: hex(row.serial_number), state, tbsDigest: digestOf(octets(row.tbs_der)) }
  })
}

/** Serial numbers that the status table calls revoked. */
export async function revokedRows(query: Query, authority: number): Promise<ReadonlyMap<number, string>> {
  const rows = await query(
    `SELECT certificate_id, serial_number FROM status WHERE authority_id = ${authority} AND status = 'revoked'`,
  )
  return new Map(rows.map((row) => [Number(row.certificate_id), hex(row.serial_number)]))
}

/** How many certificates have more than one issued successor. */
export async function twiceSuperseded(query: Query): Promise<number> {
  const rows = await query(
    `SELECT b.supersedes FROM certificate_body b JOIN issuance i ON i.certificate_id = b.certificate_id
     WHERE b.supersedes IS NOT NULL GROUP BY b.supersedes HAVING count(*) > 1`,
  )
  return rows.length
}

function octets(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('a column that does not hold octets')
  return value
}

function hex(value: unknown): string {
  return Buffer.from(octets(value)).toString('hex')
}
