import { keyIdentifier, parseSubjectPublicKeyInfo } from '../../pki/spki.ts'
import type { AuthorityRecord } from './authority.ts'

/** Octets of the key identifier that name a CA: too many for two CAs of one installation to share them. */
const OCTETS = 8

/** Names by record: computing one hashes a key. */
const remembered = new WeakMap<Pick<AuthorityRecord, 'spkiDer'>, string>()

/**
 * The name of a CA at ordering APIs: the first octets of its key identifier (RFC 7093 section 2), 16 upper-case hex
 * digits. It says which key signs, so it stays when the CA is renewed or its store is moved, and tells nothing of how
 * many CAs there are.
 */
export function caCertId(authority: Pick<AuthorityRecord, 'spkiDer'>): string {
  let id = remembered.get(authority)
  if (id === undefined) {
    const identifier = keyIdentifier(parseSubjectPublicKeyInfo(authority.spkiDer))
    id = Buffer.from(identifier.subarray(0, OCTETS)).toString('hex').toUpperCase()
    remembered.set(authority, id)
  }
  return id
}

/** The CA of this name, letter case ignored, among those that a caller may choose or see. */
export function authorityByCaCertId<Authority extends Pick<AuthorityRecord, 'spkiDer'>>(
  authorities: readonly Authority[],
  id: string,
): Authority | undefined {
  const wanted = id.trim().toUpperCase()
  return authorities.find((authority) => caCertId(authority) === wanted)
}
