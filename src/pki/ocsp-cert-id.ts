import { hash } from 'node:crypto'
import { DerReader } from './der/reader.ts'
import { SEQUENCE } from './der/tags.ts'
import { integer, nullValue, octetString, oid, sequence } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { latin1 } from './octet-text.ts'
import { oids } from './oids.ts'
import { type SubjectPublicKeyInfo, sha1KeyHash, sha256KeyHash } from './spki.ts'

/** The digests that a CertID can be made with here. */
export type CertIdHash = 'sha1' | 'sha256'

/** RFC 6960 section 4.1.1: names a certificate by its issuer's name and key and its serial number. */
export interface CertId {
  /** The whole element; an answer repeats it octet for octet. */
  readonly der: Uint8Array
  /** Undefined for a digest that is not known here: no issuer has such a CertID. */
  readonly hashAlgorithm: CertIdHash | undefined
  readonly issuerNameHash: Uint8Array
  readonly issuerKeyHash: Uint8Array
  /** Contents octets of the INTEGER. */
  readonly serialNumber: Uint8Array
}

const hashOctets: { readonly [H in CertIdHash]: number } = { sha1: 20, sha256: 32 }

/** RFC 4055 section 2.1: parameters may be NULL or absent, and both are in use. */
const hashIdentifiers: readonly { readonly der: Uint8Array; readonly name: CertIdHash }[] = [
  { der: sequence(oid(oids.sha1), nullValue()), name: 'sha1' },
  { der: sequence(oid(oids.sha256), nullValue()), name: 'sha256' },
  { der: sequence(oid(oids.sha256)), name: 'sha256' },
  { der: sequence(oid(oids.sha1)), name: 'sha1' },
]

/**
 * Reads the CertID that comes next.
 *
 * @throws DerError, PkiError `structure_invalid` for a hash whose length is not its digest's.
 */
export function parseCertId(reader: DerReader): CertId {
  const der = reader.raw(SEQUENCE)
  const fields = DerReader.ofSequence(der)
  const hashAlgorithm = hashAlgorithmOf(fields.raw(SEQUENCE))
  const issuerNameHash = fields.octetString()
  const issuerKeyHash = fields.octetString()
  const serialNumber = fields.integer()
  fields.end()
  if (hashAlgorithm !== undefined) {
    checkHash(hashAlgorithm, issuerNameHash, 'issuerNameHash')
    checkHash(hashAlgorithm, issuerKeyHash, 'issuerKeyHash')
  }
  return { der, hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }
}

/** The issuer as CertIDs name it. */
export interface OcspIssuer {
  /** DER of the issuer's subject name. */
  readonly subjectDer: Uint8Array
  readonly spki: SubjectPublicKeyInfo
}

/** DER of a CertID. `serialNumber` holds the contents octets of the INTEGER. */
export function encodeCertId(
  hashAlgorithm: CertIdHash,
  issuer: OcspIssuer,
  serialNumber: Uint8Array,
): Uint8Array {
  return sequence(
    sequence(oid(oids[hashAlgorithm]), nullValue()),
    octetString(nameHash(hashAlgorithm, issuer)),
    octetString(keyHash(hashAlgorithm, issuer)),
    integer(serialNumber),
  )
}

/**
 * A text for the issuer a CertID names, to look issuers up by; equal to one of `ocspIssuerKeys` of that issuer and
 * of no other. Undefined when the CertID's digest is not known.
 */
export function certIdIssuerKey(certId: CertId): string | undefined {
  const { hashAlgorithm, issuerNameHash, issuerKeyHash } = certId
  return hashAlgorithm && `${hashAlgorithm} ${latin1(issuerNameHash)}${latin1(issuerKeyHash)}`
}

/** The texts under which CertIDs of this issuer are found, one for each digest. */
export function ocspIssuerKeys(issuer: OcspIssuer): { readonly [H in CertIdHash]: string } {
  const keyFor = (name: CertIdHash): string =>
    `${name} ${latin1(nameHash(name, issuer))}${latin1(keyHash(name, issuer))}`
  return { sha1: keyFor('sha1'), sha256: keyFor('sha256') }
}

function nameHash(name: CertIdHash, issuer: OcspIssuer): Uint8Array {
  return hash(name, issuer.subjectDer, 'buffer')
}

function keyHash(name: CertIdHash, issuer: OcspIssuer): Uint8Array {
  return name === 'sha1' ? sha1KeyHash(issuer.spki) : sha256KeyHash(issuer.spki)
}

function hashAlgorithmOf(identifierDer: Uint8Array): CertIdHash | undefined {
  for (const known of hashIdentifiers) {
    if (Buffer.compare(known.der, identifierDer) === 0) {
      return known.name
    }
  }
  // Well formed all the same: the CertID is repeated in the answer.
  DerReader.ofSequence(identifierDer).oid()
  return undefined
}

function checkHash(name: CertIdHash, octets: Uint8Array, field: string): void {
  if (octets.length !== hashOctets[name]) {
    throw new PkiError('structure_invalid', { structure: 'ocspRequest', field })
  }
}
