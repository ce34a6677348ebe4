import { hash } from 'node:crypto'
import { parseCertificate } from '../../pki/certificate.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { parseAuthorityKeyIdentifier } from '../../pki/extensions/key-identifiers.ts'
import { commonNameOf, type Name } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import type { SignatureAlgorithm } from '../../pki/signature-algorithm.ts'
import type { SubjectPublicKeyInfo } from '../../pki/spki.ts'
import type { InventoryCertificate } from './inventory.ts'

/** How algorithms are called where certificates are shown to people. */
const algorithmNames: { readonly [A in SignatureAlgorithm]: string } = {
  'ecdsa-sha256': 'SHA256_WITH_ECDSA',
  'ecdsa-sha384': 'SHA384_WITH_ECDSA',
  'ecdsa-sha512': 'SHA512_WITH_ECDSA',
  'rsa-sha1': 'SHA1_WITH_RSA',
  'rsa-sha256': 'SHA256_WITH_RSA',
  'rsa-sha384': 'SHA384_WITH_RSA',
  'rsa-sha512': 'SHA512_WITH_RSA',
  'rsa-pss-sha256': 'SHA256_WITH_RSA_PSS',
  'rsa-pss-sha384': 'SHA384_WITH_RSA_PSS',
  'rsa-pss-sha512': 'SHA512_WITH_RSA_PSS',
  ed25519: 'ED25519',
  'ml-dsa-44': 'ML_DSA_44',
  'ml-dsa-65': 'ML_DSA_65',
  'ml-dsa-87': 'ML_DSA_87',
}

/** What can be read off a certificate. */
export type CertificateDescription = Pick<
  InventoryCertificate,
  | 'serialNumber'
  | 'thumbprint'
  | 'commonName'
  | 'issuerName'
  | 'authorityKeyIdentifier'
  | 'keySize'
  | 'signatureAlgorithm'
  | 'notBefore'
  | 'notAfter'
>

/** @throws DerError, PkiError for what is no certificate */
export function describeCertificate(der: Uint8Array): CertificateDescription {
  const parsed = parseCertificate(der)
  const identifier = findExtension(parsed.extensions, oids.authorityKeyIdentifier)
  const keyIdentifier =
    identifier === undefined ? undefined : parseAuthorityKeyIdentifier(identifier.value).keyIdentifier
  return {
    serialNumber: upperHex(magnitude(parsed.serialNumber)),
    thumbprint: hash('sha256', der, 'hex').toUpperCase(),
    commonName: nameText(parsed.subject),
    issuerName: nameText(parsed.issuer),
    authorityKeyIdentifier: keyIdentifier === undefined ? '' : upperHex(keyIdentifier),
    keySize: keySizeText(parsed.spki),
    signatureAlgorithm:
      parsed.signatureAlgorithm === undefined ? 'UNKNOWN' : algorithmNames[parsed.signatureAlgorithm],
    notBefore: parsed.notBefore,
    notAfter: parsed.notAfter,
  }
}

/** A positive integer without the octet that keeps its sign in DER; others as they are. */
function magnitude(integer: Uint8Array): Uint8Array {
  return integer.length > 1 && integer[0] === 0 ? integer.subarray(1) : integer
}

/** `2048`, `P-256`, `ED25519`: always a text. */
export function keySizeText(spki: SubjectPublicKeyInfo): string {
  switch (spki.type) {
    case 'rsa':
      return String(spki.bits)
    case 'ec':
      return spki.curveName ?? spki.curveOid
    case 'other':
      return spki.name ?? spki.oid
    default:
      return spki.type === 'ml-dsa' ? spki.parameterSet.toUpperCase() : 'ED25519'
  }
}

export function upperHex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex').toUpperCase()
}

/** The common name, or the last attribute of a name that has none. */
function nameText(name: Name): string {
  return commonNameOf(name) ?? name.at(-1)?.value ?? ''
}
