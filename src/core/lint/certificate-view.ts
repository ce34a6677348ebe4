import { DerReader } from '../../pki/der/reader.ts'
import {
  BIT_STRING,
  BOOLEAN,
  contextConstructed,
  contextPrimitive,
  OCTET_STRING,
  SEQUENCE,
} from '../../pki/der/tags.ts'
import { oids } from '../../pki/oids.ts'
import * as views from './extension-views.ts'
import { type NameView, viewName } from './name-view.ts'
import { type TimeView, viewTime } from './time-view.ts'

/** An extension as encoded; a certificate under lint may have one twice. */
export interface ExtensionView {
  readonly oid: string
  readonly critical: boolean
  /** The whole Extension. */
  readonly der: Uint8Array
  /** Contents of extnValue. */
  readonly value: Uint8Array
}

/** What stands around the signed bytes, absent while nothing is signed yet. */
export interface Envelope {
  readonly signatureAlgorithmDer: Uint8Array
  readonly signature: Uint8Array
}

/**
 * A certificate for the rules to look at. Reading it asks for the structure of RFC 5280 section 4.1 only; what a
 * field or extension holds is read when a rule asks, raises DerError when it has no structure, and is kept.
 */
export class CertificateView {
  readonly tbsDer: Uint8Array
  readonly envelope: Envelope | undefined
  /** Number in the version field, 0 for v1. */
  readonly version: number
  /** Contents octets of the INTEGER. */
  readonly serialNumber: Uint8Array
  readonly innerAlgorithmDer: Uint8Array
  readonly issuerDer: Uint8Array
  readonly notBefore: TimeView
  readonly notAfter: TimeView
  readonly subjectDer: Uint8Array
  readonly spkiDer: Uint8Array
  readonly hasUniqueIdentifier: boolean
  readonly extensions: readonly ExtensionView[]
  readonly #kept = new Map<string, unknown>()

  constructor(tbsDer: Uint8Array, envelope?: Envelope) {
    this.tbsDer = tbsDer
    this.envelope = envelope
    const fields = DerReader.ofSequence(tbsDer)
    this.version = fields.optionalExplicit(0)?.smallInteger() ?? 0
    this.serialNumber = fields.element(0x02)
    this.innerAlgorithmDer = fields.raw(SEQUENCE)
    this.issuerDer = fields.raw(SEQUENCE)
    const validity = fields.sequence()
    this.notBefore = viewTime(validity)
    this.notAfter = viewTime(validity)
    this.subjectDer = fields.raw(SEQUENCE)
    this.spkiDer = fields.raw(SEQUENCE)
    this.hasUniqueIdentifier = skipUniqueIdentifiers(fields)
    this.extensions = viewExtensions(fields.optionalExplicit(3))
    fields.end()
  }

  /** Reads a whole certificate. Raises DerError. */
  static of(certificateDer: Uint8Array): CertificateView {
    const fields = DerReader.ofSequence(certificateDer)
    const tbsDer = fields.raw(SEQUENCE)
    const signatureAlgorithmDer = fields.raw(SEQUENCE)
    const signature = fields.element(BIT_STRING).subarray(1)
    fields.end()
    return new CertificateView(tbsDer, { signatureAlgorithmDer, signature })
  }

  get subject(): NameView {
    return this.#keep('subject', () => viewName(this.subjectDer))
  }

  get issuer(): NameView {
    return this.#keep('issuer', () => viewName(this.issuerDer))
  }

  /** The first extension of this type. */
  extension(oid: string): ExtensionView | undefined {
    for (const extension of this.extensions) {
      if (extension.oid === oid) {
        return extension
      }
    }
    return undefined
  }

  has(oid: string): boolean {
    return this.extension(oid) !== undefined
  }

  get subjectAltNames(): readonly views.GeneralNameView[] {
    return this.#value(oids.subjectAltName, views.viewGeneralNames) ?? []
  }

  get issuerAltNames(): readonly views.GeneralNameView[] {
    return this.#value(oids.issuerAltName, views.viewGeneralNames) ?? []
  }

  get basicConstraints(): views.BasicConstraintsView | undefined {
    return this.#value(oids.basicConstraints, views.viewBasicConstraints)
  }

  /** Bits of keyUsage, bit 0 lowest; undefined when absent. */
  get keyUsage(): number | undefined {
    return this.#value(oids.keyUsage, views.viewNamedBits)
  }

  get extKeyUsage(): readonly string[] | undefined {
    return this.#value(oids.extKeyUsage, views.viewOids)
  }

  get policies(): readonly views.PolicyView[] {
    return this.#value(oids.certificatePolicies, views.viewPolicies) ?? []
  }

  get accessDescriptions(): readonly views.AccessDescriptionView[] {
    return this.#value(oids.authorityInfoAccess, views.viewAccessDescriptions) ?? []
  }

  get crlDistributionPoints(): readonly views.DistributionPointView[] {
    return this.#value(oids.crlDistributionPoints, views.viewDistributionPoints) ?? []
  }

  get authorityKeyIdentifier(): views.AuthorityKeyIdentifierView | undefined {
    return this.#value(oids.authorityKeyIdentifier, views.viewAuthorityKeyIdentifier)
  }

  get nameConstraints(): ReturnType<typeof views.viewNameConstraints> | undefined {
    return this.#value(oids.nameConstraints, views.viewNameConstraints)
  }

  get qcStatements(): readonly views.StatementView[] {
    return this.#value('1.3.6.1.5.5.7.1.3', views.viewStatements) ?? []
  }

  get isCa(): boolean {
    return this.#keep('isCa', () => safely(() => this.basicConstraints?.ca) === true)
  }

  /** Issuer and subject are the same octets. */
  get isSelfIssued(): boolean {
    return Buffer.compare(this.issuerDer, this.subjectDer) === 0
  }

  hasPolicy(oid: string): boolean {
    return this.policies.some((policy) => policy.oid === oid)
  }

  /** A value that several rules need, worked out once. */
  keep<Value>(key: string, read: () => Value): Value {
    return this.#keep(`rule:${key}`, read)
  }

  #value<Value>(oid: string, read: (value: Uint8Array) => Value): Value | undefined {
    return this.#keep(oid, () => {
      const extension = this.extension(oid)
      return extension === undefined ? undefined : read(extension.value)
    })
  }

  #keep<Value>(key: string, read: () => Value): Value {
    if (this.#kept.has(key)) {
      return this.#kept.get(key) as Value
    }
    const value = read()
    this.#kept.set(key, value)
    return value
  }
}

/** What cannot be read has its own finding; where only a hint is needed it counts as absent. */
export function safely<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function skipUniqueIdentifiers(fields: DerReader): boolean {
  let found = false
  for (const number of [1, 2]) {
    // Writers that got the tag wrong made it constructed.
    for (const tag of [contextPrimitive(number), contextConstructed(number)]) {
      if (fields.peekTag() === tag) {
        fields.raw(tag)
        found = true
      }
    }
  }
  return found
}

function viewExtensions(holder: DerReader | undefined): ExtensionView[] {
  if (holder === undefined) {
    return []
  }
  const list = holder.sequence()
  holder.end()
  const extensions: ExtensionView[] = []
  while (!list.atEnd) {
    const der = list.raw(SEQUENCE)
    const fields = DerReader.ofSequence(der)
    const oid = fields.oid()
    const critical = fields.peekTag() === BOOLEAN ? fields.element(BOOLEAN)[0] !== 0 : false
    const value = fields.element(OCTET_STRING)
    fields.end()
    extensions.push({ oid, critical, der, value })
  }
  return extensions
}
