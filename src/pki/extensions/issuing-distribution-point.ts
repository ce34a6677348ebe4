import { DerReader } from '../der/reader.ts'
import { contextPrimitive } from '../der/tags.ts'
import { implicit, sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import {
  type DistributionPointName,
  encodeDistributionPoint,
  parseDistributionPointName,
  REASON_FLAGS,
  type ReasonFlag,
} from './distribution-point-name.ts'
import type { Extension } from './extension.ts'
import { readNamedBits } from './named-bits.ts'

/** What a CRL covers when it does not cover all of its issuer's certificates. */
export interface CrlScope {
  /** Byte for byte those of the certificates' cRLDistributionPoints (R16). Empty: the CRL's place is not named. */
  readonly urls: readonly string[]
  /** Only one kind may be covered; absent means both. */
  readonly only?: 'userCertificates' | 'caCertificates'
}

/** RFC 5280 section 5.2.5, as read. */
export interface IssuingDistributionPoint {
  readonly distributionPoint?: DistributionPointName
  readonly onlyContainsUserCerts: boolean
  readonly onlyContainsCACerts: boolean
  readonly onlySomeReasons?: readonly ReasonFlag[]
  readonly indirectCRL: boolean
  readonly onlyContainsAttributeCerts: boolean
}

const TRUE = Uint8Array.of(0xff)

/**
 * The extension, always critical.
 *
 * @throws PkiError `extension_malformed`, defect `empty`, for a scope that says nothing: an empty SEQUENCE is
 * forbidden.
 */
export function encodeIssuingDistributionPoint(scope: CrlScope): Extension {
  const parts: Uint8Array[] = []
  if (scope.urls.length > 0) {
    parts.push(encodeDistributionPoint(scope.urls))
  }
  if (scope.only !== undefined) {
    parts.push(implicit(scope.only === 'userCertificates' ? 1 : 2, TRUE))
  }
  if (parts.length === 0) {
    throw malformed('empty')
  }
  return { oid: oids.issuingDistributionPoint, critical: true, value: sequence(...parts) }
}

/**
 * @throws PkiError `extension_malformed`: defect `empty`, `default_encoded` for a written FALSE, `contradictory`
 * for more than one kind of certificate.
 */
export function parseIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  const fields = DerReader.ofSequence(value)
  if (fields.atEnd) {
    throw malformed('empty')
  }
  const oid = oids.issuingDistributionPoint
  const holder = fields.optionalExplicit(0)
  const distributionPoint = holder && parseDistributionPointName(oid, holder)
  const onlyContainsUserCerts = parseFlag(fields, 1)
  const onlyContainsCACerts = parseFlag(fields, 2)
  const reasonsTag = contextPrimitive(3)
  const onlySomeReasons =
    fields.peekTag() === reasonsTag ? readNamedBits(oid, REASON_FLAGS, fields, reasonsTag) : undefined
  const indirectCRL = parseFlag(fields, 4)
  const onlyContainsAttributeCerts = parseFlag(fields, 5)
  fields.end()
  if (Number(onlyContainsUserCerts) + Number(onlyContainsCACerts) + Number(onlyContainsAttributeCerts) > 1) {
    throw malformed('contradictory')
  }
  return {
    ...(distributionPoint && { distributionPoint }),
    onlyContainsUserCerts,
    onlyContainsCACerts,
    ...(onlySomeReasons && { onlySomeReasons }),
    indirectCRL,
    onlyContainsAttributeCerts,
  }
}

function parseFlag(fields: DerReader, number: number): boolean {
  const tag = contextPrimitive(number)
  if (fields.peekTag() !== tag) {
    return false
  }
  if (!fields.boolean(tag)) {
    throw malformed('default_encoded')
  }
  return true
}

function malformed(defect: 'empty' | 'default_encoded' | 'contradictory'): PkiError {
  return new PkiError('extension_malformed', { oid: oids.issuingDistributionPoint, defect })
}
