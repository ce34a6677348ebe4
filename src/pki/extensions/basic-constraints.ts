import { DerReader } from '../der/reader.ts'
import { BOOLEAN } from '../der/tags.ts'
import { boolean, integer, sequence } from '../der/writer.ts'
import { type ExtensionDefect, PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** RFC 5280 section 4.2.1.9. An absent `pathLenConstraint` sets no limit. */
export interface BasicConstraints {
  readonly cA: boolean
  readonly pathLenConstraint?: number
}

/** Path lengths above this have no use and are refused, as other parsers do. */
const LONGEST_PATH = 255

/**
 * The extension. `cA` FALSE is the default value and leaves an empty SEQUENCE (V10).
 *
 * @param critical RFC 5280 wants TRUE in CA certificates; leaves may have either.
 * @throws PkiError `extension_malformed`: defect `contradictory` for a path length without `cA`, `out_of_range` outside 0 to 255.
 */
export function encodeBasicConstraints(constraints: BasicConstraints, critical: boolean): Extension {
  const { cA, pathLenConstraint } = constraints
  if (pathLenConstraint !== undefined) checkPathLength(cA, pathLenConstraint)
  const parts: Uint8Array[] = []
  if (cA) parts.push(boolean(true))
  if (pathLenConstraint !== undefined) parts.push(integer(pathLenConstraint))
  return { oid: oids.basicConstraints, critical, value: sequence(...parts) }
}

/** Reads the extension's value; a path length without `cA` is left to the linter. */
export function parseBasicConstraints(value: Uint8Array): BasicConstraints {
  const fields = DerReader.ofSequence(value)
  let cA = false
  if (fields.peekTag() === BOOLEAN) {
    cA = fields.boolean()
    if (!cA) {
      throw malformed('default_encoded')
    }
  }
  if (fields.atEnd) return { cA }
  const pathLenConstraint = fields.smallInteger()
  if (pathLenConstraint > LONGEST_PATH) {
    throw malformed('out_of_range')
  }
  fields.end()
  return { cA, pathLenConstraint }
}

function checkPathLength(cA: boolean, length: number): void {
  if (!cA) {
    throw malformed('contradictory')
  }
  if (!Number.isInteger(length) || length < 0 || length > LONGEST_PATH) {
    throw malformed('out_of_range')
  }
}

function malformed(defect: ExtensionDefect): PkiError {
  return new PkiError('extension_malformed', { oid: oids.basicConstraints, defect })
}
