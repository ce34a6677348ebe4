import { DerReader } from '../../pki/der/reader.ts'
import { contextConstructed, contextPrimitive } from '../../pki/der/tags.ts'
import { latin1 } from '../../pki/octet-text.ts'

/**
 * Readers of extension values that take what a strict parser refuses, so that the rules can say what is wrong
 * with it. Only the structure has to be sound; all raise DerError.
 */

/** A GeneralName by its tag, whatever its contents are. */
export interface GeneralNameView {
  readonly tag: number
  /** Contents of the tagged element. */
  readonly contents: Uint8Array
  /** The contents as ISO 8859-1. */
  readonly text: string
}

export const nameTags = {
  other: contextConstructed(0),
  email: contextPrimitive(1),
  dns: contextPrimitive(2),
  x400: contextConstructed(3),
  directory: contextConstructed(4),
  ediParty: contextConstructed(5),
  uri: contextPrimitive(6),
  ip: contextPrimitive(7),
  registeredId: contextPrimitive(8),
} as const

export function viewGeneralName(reader: DerReader): GeneralNameView {
  const tag = reader.peekTag()
  const contents = reader.element()
  return { tag, contents, text: latin1(contents) }
}

export function viewGeneralNames(value: Uint8Array): GeneralNameView[] {
  const list = DerReader.ofSequence(value)
  const names: GeneralNameView[] = []
  while (!list.atEnd) {
    names.push(viewGeneralName(list))
  }
  return names
}

export interface AccessDescriptionView {
  readonly method: string
  readonly location: GeneralNameView
}

export function viewAccessDescriptions(value: Uint8Array): AccessDescriptionView[] {
  return listOf(value, (fields) => ({ method: fields.oid(), location: viewGeneralName(fields) }))
}

export interface DistributionPointView {
  /** Names of distributionPoint.fullName. */
  readonly fullNames: readonly GeneralNameView[]
  readonly hasReasons: boolean
  readonly hasIssuer: boolean
}

export function viewDistributionPoints(value: Uint8Array): DistributionPointView[] {
  return listOf(value, (fields) => {
    const name = fields.optionalExplicit(0)
    const full = name?.optionalExplicit(0)
    const fullNames: GeneralNameView[] = []
    while (full !== undefined && !full.atEnd) {
      fullNames.push(viewGeneralName(full))
    }
    const hasReasons = fields.optionalImplicit(1) !== undefined
    return { fullNames, hasReasons, hasIssuer: fields.optionalExplicit(2) !== undefined }
  })
}

export interface PolicyView {
  readonly oid: string
  readonly qualifiers: readonly { readonly oid: string; readonly der: Uint8Array }[]
}

export function viewPolicies(value: Uint8Array): PolicyView[] {
  return listOf(value, (fields) => {
    const oid = fields.oid()
    const qualifiers: { oid: string; der: Uint8Array }[] = []
    if (!fields.atEnd) {
      const list = fields.sequence()
      while (!list.atEnd) {
        const qualifier = list.sequence()
        qualifiers.push({ oid: qualifier.oid(), der: qualifier.atEnd ? new Uint8Array(0) : qualifier.raw() })
      }
    }
    return { oid, qualifiers }
  })
}

export interface BasicConstraintsView {
  readonly ca: boolean
  /** Contents octets of the INTEGER. */
  readonly pathLenConstraint: Uint8Array | undefined
}

export function viewBasicConstraints(value: Uint8Array): BasicConstraintsView {
  const fields = DerReader.ofSequence(value)
  const ca = fields.peekTag() === 0x01 ? fields.element(0x01)[0] !== 0 : false
  return { ca, pathLenConstraint: fields.atEnd ? undefined : fields.element(0x02) }
}

/** Bits of a named bit list as a number, bit 0 lowest; zero bits at the end do no harm here. */
export function viewNamedBits(value: Uint8Array): number {
  const contents = DerReader.of(value).element(0x03)
  let bits = 0
  for (let position = 0; position < (contents.length - 1) * 8 && position < 31; position += 1) {
    if (((contents[1 + (position >> 3)] ?? 0) & (0x80 >> (position & 7))) !== 0) {
      bits |= 1 << position
    }
  }
  return bits
}

export function viewOids(value: Uint8Array): string[] {
  const list = DerReader.ofSequence(value)
  const oids: string[] = []
  while (!list.atEnd) {
    oids.push(list.oid())
  }
  return oids
}

export interface AuthorityKeyIdentifierView {
  readonly keyIdentifier: Uint8Array | undefined
  readonly hasIssuer: boolean
  readonly hasSerialNumber: boolean
}

/** Tags are read by their number: issuers have been met with the wrong form bit. */
export function viewAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifierView {
  const fields = DerReader.ofSequence(value)
  const parts = new Map<number, Uint8Array>()
  while (!fields.atEnd) {
    parts.set(fields.peekTag() & 0x1f, fields.element())
  }
  return { keyIdentifier: parts.get(0), hasIssuer: parts.has(1), hasSerialNumber: parts.has(2) }
}

export interface SubtreeView {
  readonly base: GeneralNameView
  readonly hasMinimum: boolean
  readonly hasMaximum: boolean
}

export function viewNameConstraints(value: Uint8Array): {
  permitted: SubtreeView[]
  excluded: SubtreeView[]
} {
  const fields = DerReader.ofSequence(value)
  const permitted = viewSubtrees(fields.optionalExplicit(0))
  return { permitted, excluded: viewSubtrees(fields.optionalExplicit(1)) }
}

function viewSubtrees(list: DerReader | undefined): SubtreeView[] {
  const subtrees: SubtreeView[] = []
  while (list !== undefined && !list.atEnd) {
    const fields = list.sequence()
    const base = viewGeneralName(fields)
    const hasMinimum = fields.optionalImplicit(0) !== undefined
    subtrees.push({ base, hasMinimum, hasMaximum: fields.optionalImplicit(1) !== undefined })
  }
  return subtrees
}

export interface StatementView {
  readonly oid: string
  /** DER of statementInfo; empty when absent. */
  readonly info: Uint8Array
}

/** QCStatements, RFC 3739 section 3.2.6. */
export function viewStatements(value: Uint8Array): StatementView[] {
  return listOf(value, (fields) => ({
    oid: fields.oid(),
    info: fields.atEnd ? new Uint8Array(0) : fields.raw(),
  }))
}

function listOf<Item>(value: Uint8Array, read: (fields: DerReader) => Item): Item[] {
  const list = DerReader.ofSequence(value)
  const items: Item[] = []
  while (!list.atEnd) {
    items.push(read(list.sequence()))
  }
  return items
}
