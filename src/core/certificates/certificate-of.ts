import { assembleCertificate } from '../../pki/certificate-template.ts'
import type { AuthorityRecord } from '../authorities/authority.ts'
import type { AccountId, CertificateId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { CertificateRecord } from './certificate.ts'

/** An issued certificate: its signature is there. */
export type IssuedRecord = CertificateRecord & { readonly signature: Uint8Array }

/**
 * An issued certificate of this account.
 * @throws Fault certificate_unknown; access_denied when it is another account's
 */
export async function certificateOf(
  engine: Engine,
  account: AccountId,
  id: CertificateId,
): Promise<IssuedRecord> {
  const own = await engine.store.read((view) => view.certificates.byId(account, id))
  if (own !== undefined) return issued(own)
  const other = await engine.store.read((view) => view.certificates.anyById(id))
  if (other === undefined || other.accountId === account) throw new Fault('certificate_unknown', {})
  throw new Fault('access_denied', { object: 'certificate' })
}

/** DER of an issued certificate, put together from its row. */
export function certificateDerOf(
  record: IssuedRecord,
  authority: Pick<AuthorityRecord, 'signatureAlgorithm'>,
): Uint8Array {
  return assembleCertificate(record.tbsDer, authority.signatureAlgorithm, record.signature)
}

function issued(record: CertificateRecord): IssuedRecord {
  const { signature } = record
  if (record.state !== 'issued' || signature === null) throw new Fault('certificate_unknown', {})
  return { ...record, signature }
}
