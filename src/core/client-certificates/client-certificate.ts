import { type AccountId, accountId, type CertificateId, certificateId, type Instant } from '../brand.ts'
import { nameKey } from '../service-users/service-user.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** A certificate by which a user of an account logs in on the listener for mutual TLS. */
export interface ClientCertificate {
  readonly id: number
  readonly accountId: AccountId
  readonly userId: number
  /** Unique in the account, letter case ignored. */
  readonly name: string
  /** SHA-256 of its DER, lower-case hex: what a handshake is matched by. */
  readonly fingerprint: string
  /** The engine's certificate; it belongs to the operator, whose CA issued it. */
  readonly certificateId: CertificateId
  /** Upper-case hex. */
  readonly serialNumber: string
  readonly isEnabled: boolean
  readonly notAfter: Instant
  readonly createdAt: Instant
}

/** Its last second counts to its end (RFC 5280 section 4.1.2.5): until then it logs in. */
export function hasEnded({ notAfter }: Pick<ClientCertificate, 'notAfter'>, now: Instant): boolean {
  return now >= notAfter + 1_000
}

const columns = { user_id: 'integer', name_key: 'text', fingerprint: 'text', not_after: 'instant' } as const

export const clientCertificates = {
  name: 'client_certificate',
  columns,
  unique: [['fingerprint'], ['account_id', 'name_key']],
  values: (certificate) => ({
    user_id: certificate.userId,
    name_key: nameKey(certificate.name),
    fingerprint: certificate.fingerprint,
    not_after: certificate.notAfter,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'client certificate')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      userId: read.integer('userId'),
      name: read.text('name'),
      fingerprint: read.text('fingerprint'),
      certificateId: certificateId(read.integer('certificateId')),
      serialNumber: read.text('serialNumber'),
      isEnabled: read.flag('isEnabled'),
      notAfter: read.integer('notAfter'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<ClientCertificate, keyof typeof columns>
