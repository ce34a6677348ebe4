import type { KeyObject } from 'node:crypto'
import { findSignatureAlgorithm, type SignatureAlgorithm, verifySignature } from './algorithms.ts'
import { checkDer } from './der/check.ts'
import { DerReader } from './der/reader.ts'
import { GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME } from './der/tags.ts'
import { PkiError } from './errors.ts'
import { type CrlReason, parseInvalidityDate, parseReasonCode } from './extensions/crl-entry.ts'
import { parseCrlNumber } from './extensions/crl-number.ts'
import { type Extension, extensionValue, parseExtensions } from './extensions/extension.ts'
import { type Name, parseName } from './names.ts'
import { oids } from './oids.ts'
import { parseSigned } from './signed-object.ts'

/** An X.509 certificate revocation list, RFC 5280 section 5.1. All octets are views of the input. */
export interface Crl {
  readonly der: Uint8Array
  /** The tbsCertList, whole: what the signature covers. */
  readonly tbsDer: Uint8Array
  readonly version: 1 | 2
  /** AlgorithmIdentifier, whole; the two places where it stands hold the same octets. */
  readonly signatureAlgorithmDer: Uint8Array
  /** Undefined for an algorithm, or parameters, that this layer does not know. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined
  readonly issuerDer: Uint8Array
  readonly issuer: Name
  /** Milliseconds since 1970, UTC. */
  readonly thisUpdate: number
  readonly nextUpdate?: number
  readonly crlNumber?: bigint
  readonly entryCount: number
  /** Reads the entries again, in their order; nothing of them is kept. */
  entries(): Generator<CrlEntry>
  /** Empty when the CRL has none. */
  readonly extensions: readonly Extension[]
  /** Octets of the BIT STRING. */
  readonly signature: Uint8Array
}

/** An entry as read. Times are milliseconds since 1970, UTC. */
export interface CrlEntry {
  /** Contents octets of the INTEGER, as encoded. */
  readonly serialNumber: Uint8Array
  readonly revocationDate: number
  /** Absent: unspecified. */
  readonly reasonCode?: CrlReason
  readonly invalidityDate?: number
  readonly extensions: readonly Extension[]
}

/**
 * Reads the CRL that spans `der`, every entry included. Judges the structure, not the contents.
 *
 * @throws DerError for anything that is not strict DER.
 * @throws PkiError `version_unsupported`, `signature_algorithms_differ`, `structure_invalid` for an empty
 * revokedCertificates or for extensions in version 1, and what parsing names and extensions raises.
 */
export function parseCrl(der: Uint8Array): Crl {
  const steps = parseCrlInSteps(der)
  for (;;) {
    const step = steps.next()
    if (step.done) {
      return step.value
    }
  }
}

/** Entries between two yields of `parseCrlInSteps`: a few milliseconds of work. */
const entriesPerStep = 10_000

/** As parseCrl; yields the number of entries read so far every 10,000 of them. */
export function* parseCrlInSteps(der: Uint8Array): Generator<number, Crl> {
  const { toBeSignedDer, signatureAlgorithmDer, signature } = parseSigned(der)
  const fields = DerReader.ofSequence(toBeSignedDer)
  const version = parseVersion(fields)
  // RFC 5280 section 5.1.2.2; a reader of one field must never see another algorithm than a reader of the other.
  if (Buffer.compare(fields.raw(SEQUENCE), signatureAlgorithmDer) !== 0) {
    throw new PkiError('signature_algorithms_differ', { structure: 'certificateList' })
  }
  // The walk over the whole input is for objects with a bounded number of elements; here it takes the parts that
  // are kept, and the entries are read one by one.
  checkDer(signatureAlgorithmDer)
  const issuerDer = fields.raw(SEQUENCE)
  checkDer(issuerDer)
  const issuer = parseName(issuerDer)
  const thisUpdate = fields.time()
  const hasNextUpdate = fields.peekTag() === UTC_TIME || fields.peekTag() === GENERALIZED_TIME
  const nextUpdate = hasNextUpdate ? fields.time() : undefined
  const entriesDer = fields.peekTag() === SEQUENCE ? fields.element(SEQUENCE) : undefined
  const extensions = parseExtensionField(fields, version)
  fields.end()
  const crlNumber = extensionValue(extensions, oids.cRLNumber, parseCrlNumber)
  const entryCount = entriesDer === undefined ? 0 : yield* checkEntries(entriesDer, version)
  return {
    der,
    tbsDer: toBeSignedDer,
    version,
    signatureAlgorithmDer,
    signatureAlgorithm: findSignatureAlgorithm(signatureAlgorithmDer)?.name,
    issuerDer,
    issuer,
    thisUpdate,
    ...(nextUpdate !== undefined && { nextUpdate }),
    ...(crlNumber !== undefined && { crlNumber }),
    entryCount,
    entries: () => readEntries(entriesDer, version),
    extensions,
    signature,
  }
}

/**
 * Whether the CRL was signed with this key, a KeyObject or the DER of a SubjectPublicKeyInfo; false as well for an
 * algorithm not known here. Raises what verifySignature raises.
 */
export function verifyCrlSignature(crl: Crl, issuerKey: KeyObject | Uint8Array): boolean {
  const { signatureAlgorithm, tbsDer, signature } = crl
  return signatureAlgorithm !== undefined && verifySignature(signatureAlgorithm, issuerKey, tbsDer, signature)
}

/** RFC 5280 section 5.1.2.1: v2 is 1; v1 is written as absence. */
function parseVersion(fields: DerReader): 1 | 2 {
  if (fields.peekTag() !== INTEGER) {
    return 1
  }
  const version = fields.smallInteger()
  if (version !== 1) {
    throw new PkiError('version_unsupported', { structure: 'certificateList', version })
  }
  return 2
}

function parseExtensionField(fields: DerReader, version: 1 | 2): Extension[] {
  const holder = fields.optionalExplicit(0)
  if (holder === undefined) {
    return []
  }
  if (version === 1) {
    throw structureInvalid('crlExtensions')
  }
  const extensions = parseExtensions(holder)
  holder.end()
  return extensions
}

function* checkEntries(entriesDer: Uint8Array, version: 1 | 2): Generator<number, number> {
  // RFC 5280 section 5.1.2.6: without entries the field is absent.
  if (entriesDer.length === 0) {
    throw structureInvalid('revokedCertificates')
  }
  const entries = DerReader.of(entriesDer)
  let count = 0
  while (!entries.atEnd) {
    parseEntry(entries.sequence(), version)
    count += 1
    if (count % entriesPerStep === 0) {
      yield count
    }
  }
  return count
}

function* readEntries(entriesDer: Uint8Array | undefined, version: 1 | 2): Generator<CrlEntry> {
  if (entriesDer === undefined) {
    return
  }
  const entries = DerReader.of(entriesDer)
  while (!entries.atEnd) {
    yield parseEntry(entries.sequence(), version)
  }
}

const noExtensions: readonly Extension[] = []

function parseEntry(fields: DerReader, version: 1 | 2): CrlEntry {
  const serialNumber = fields.integer()
  const revocationDate = fields.time()
  if (fields.atEnd) {
    return { serialNumber, revocationDate, extensions: noExtensions }
  }
  if (version === 1) {
    throw structureInvalid('crlEntryExtensions')
  }
  const extensions = parseExtensions(fields)
  fields.end()
  const reasonCode = extensionValue(extensions, oids.reasonCode, parseReasonCode)
  const invalidityDate = extensionValue(extensions, oids.invalidityDate, parseInvalidityDate)
  return {
    serialNumber,
    revocationDate,
    ...(reasonCode !== undefined && { reasonCode }),
    ...(invalidityDate !== undefined && { invalidityDate }),
    extensions,
  }
}

function structureInvalid(field: string): PkiError {
  return new PkiError('structure_invalid', { structure: 'certificateList', field })
}
