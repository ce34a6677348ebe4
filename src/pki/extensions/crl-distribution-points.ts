import { DerReader } from '../der/reader.ts'
import { contextPrimitive } from '../der/tags.ts'
import { sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { type GeneralName, parseGeneralNames } from '../general-names.ts'
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

/** RFC 5280 section 4.2.1.13. */
export interface DistributionPoint {
  readonly distributionPoint?: DistributionPointName
  readonly reasons?: readonly ReasonFlag[]
  readonly cRLIssuer?: readonly GeneralName[]
}

/**
 * One distribution point whose CRL lies at each of the URLs; never critical.
 *
 * @throws PkiError `extension_malformed`, defect `empty`, without a URL.
 */
export function encodeCrlDistributionPoints(urls: readonly string[]): Extension {
  if (urls.length === 0) {
    throw malformed('empty')
  }
  return {
    oid: oids.crlDistributionPoints,
    critical: false,
    value: sequence(sequence(encodeDistributionPoint(urls))),
  }
}

/**
 * @throws PkiError `extension_malformed`: defect `empty` for an empty list, `incomplete` for a point with neither
 * a name nor an issuer.
 */
export function parseCrlDistributionPoints(value: Uint8Array): DistributionPoint[] {
  const list = DerReader.ofSequence(value)
  if (list.atEnd) {
    throw malformed('empty')
  }
  const points: DistributionPoint[] = []
  while (!list.atEnd) {
    points.push(parsePoint(list.sequence()))
  }
  return points
}

function parsePoint(fields: DerReader): DistributionPoint {
  const oid = oids.crlDistributionPoints
  const holder = fields.optionalExplicit(0)
  const distributionPoint = holder && parseDistributionPointName(oid, holder)
  const reasonsTag = contextPrimitive(1)
  const reasons =
    fields.peekTag() === reasonsTag ? readNamedBits(oid, REASON_FLAGS, fields, reasonsTag) : undefined
  const issuer = fields.optionalImplicitConstructed(2)
  const cRLIssuer = issuer && parseGeneralNames(issuer)
  fields.end()
  if (distributionPoint === undefined && cRLIssuer === undefined) {
    throw malformed('incomplete')
  }
  return {
    ...(distributionPoint && { distributionPoint }),
    ...(reasons && { reasons }),
    ...(cRLIssuer && { cRLIssuer }),
  }
}

function malformed(defect: 'empty' | 'incomplete'): PkiError {
  return new PkiError('extension_malformed', { oid: oids.crlDistributionPoints, defect })
}
