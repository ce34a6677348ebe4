import type { DerReader } from '../der/reader.ts'
import { explicit, implicitConstructed } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { encodeGeneralName, type GeneralName, parseGeneralNames } from '../general-names.ts'

/**
 * RFC 5280 section 4.2.1.13. Several full names are several places of one CRL. `nameRelativeToCRLIssuer` is the
 * DER of the RelativeDistinguishedName's elements.
 */
export type DistributionPointName =
  | { readonly fullName: readonly GeneralName[] }
  | { readonly nameRelativeToCRLIssuer: Uint8Array }

/** Bits of ReasonFlags, RFC 5280 section 4.2.1.13, in their order. */
export const REASON_FLAGS = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const

export type ReasonFlag = (typeof REASON_FLAGS)[number]

/** `distributionPoint [0]` with a full name of URLs. One encoder serves certificates and CRLs, which must agree (R16). */
export function encodeDistributionPoint(urls: readonly string[]): Uint8Array {
  const names = urls.map((url) => encodeGeneralName({ type: 'uri', value: url }))
  return explicit(0, implicitConstructed(0, ...names))
}

/** Reads what `distributionPoint [0]` holds; `oid` names the extension in errors. */
export function parseDistributionPointName(oid: string, holder: DerReader): DistributionPointName {
  const name = holder.peekTag() === 0xa0 ? parseFullName(oid, holder) : parseRelativeName(oid, holder)
  holder.end()
  return name
}

function parseFullName(oid: string, holder: DerReader): DistributionPointName {
  const names = holder.implicitConstructed(0)
  if (names.atEnd) {
    throw new PkiError('extension_malformed', { oid, defect: 'empty' })
  }
  return { fullName: parseGeneralNames(names) }
}

function parseRelativeName(oid: string, holder: DerReader): DistributionPointName {
  const nameRelativeToCRLIssuer = holder.element(0xa1)
  if (nameRelativeToCRLIssuer.length === 0) {
    throw new PkiError('extension_malformed', { oid, defect: 'empty' })
  }
  return { nameRelativeToCRLIssuer }
}
