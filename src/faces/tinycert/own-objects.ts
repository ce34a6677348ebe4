import type { AuthorityRecord } from '../../core/authorities/authority.ts'
import { authorityOf } from '../../core/authorities/authority-of.ts'
import { authorityId, certificateId } from '../../core/brand.ts'
import { certificateOf, type IssuedRecord } from '../../core/certificates/certificate-of.ts'
import { Fault } from '../../core/faults.ts'
import type { Call } from './endpoint.ts'

/**
 * A CA of the caller's account that was made at this face. The account's other CAs do not exist here: their
 * rules are not those of this API.
 *
 * @param id as read from the request; null when no CA can have it
 * @throws Fault authority_unknown, access_denied
 */
export async function ownAuthority(call: Call, id: number | null): Promise<AuthorityRecord> {
  if (id === null) throw new Fault('authority_unknown', {})
  const authority = await authorityOf(call.engine, call.session.account.id, authorityId(id))
  if (authority.origin !== 'tinycert') throw new Fault('authority_unknown', {})
  return authority
}

/** A certificate and the CA that issued it. */
export interface OwnCertificate {
  readonly record: IssuedRecord
  readonly authority: AuthorityRecord
}

/**
 * A certificate of the caller's account below a CA that was made at this face.
 * @throws Fault certificate_unknown, access_denied
 */
export async function ownCertificate(call: Call, id: number | null): Promise<OwnCertificate> {
  if (id === null) throw new Fault('certificate_unknown', {})
  const { engine, session } = call
  const record = await certificateOf(engine, session.account.id, certificateId(id))
  // The CA's own certificate, which is a row like any other, belongs to `/ca/get`.
  if (record.origin === 'installation') throw new Fault('certificate_unknown', {})
  const authority = await engine.store.read((view) => view.authorities.byId(record.authorityId))
  if (authority === undefined) throw new Fault('authority_unusable', {})
  if (authority.origin !== 'tinycert') throw new Fault('certificate_unknown', {})
  return { record, authority }
}
