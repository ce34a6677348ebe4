import { DerReader } from '../der/reader.ts'
import { implicitConstructed, sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { encodeGeneralName, type GeneralName, parseGeneralName } from '../general-names.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/**
 * RFC 5280 section 4.2.1.10: the bases of the subtrees; `minimum` is always 0 and `maximum` absent, as fixed
 * there. A base of type `ip` holds address and mask, 4 + 4 or 16 + 16 octets. Both lists empty cannot be encoded.
 */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** The extension, always critical, for CA certificates only. */
export function encodeNameConstraints(constraints: NameConstraints): Extension {
  const parts: Uint8Array[] = []
  if (constraints.permitted.length > 0) {
    parts.push(implicitConstructed(0, ...constraints.permitted.map(encodeSubtree)))
  }
  if (constraints.excluded.length > 0) {
    parts.push(implicitConstructed(1, ...constraints.excluded.map(encodeSubtree)))
  }
  if (parts.length === 0) {
    throw malformed('empty')
  }
  return { oid: oids.nameConstraints, critical: true, value: sequence(...parts) }
}

/**
 * @throws PkiError `extension_malformed`: defect `empty` for no subtree at all or an empty list, `unsupported` for
 * `minimum` or `maximum`, `out_of_range` for a mask that has holes; and what parseGeneralName raises.
 */
export function parseNameConstraints(value: Uint8Array): NameConstraints {
  const fields = DerReader.ofSequence(value)
  if (fields.atEnd) {
    throw malformed('empty')
  }
  const permitted = parseSubtrees(fields.optionalImplicitConstructed(0))
  const excluded = parseSubtrees(fields.optionalImplicitConstructed(1))
  fields.end()
  return { permitted, excluded }
}

function encodeSubtree(base: GeneralName): Uint8Array {
  checkMask(base)
  return sequence(encodeGeneralName(base))
}

function parseSubtrees(list: DerReader | undefined): GeneralName[] {
  if (list === undefined) {
    return []
  }
  if (list.atEnd) {
    throw malformed('empty')
  }
  const bases: GeneralName[] = []
  while (!list.atEnd) {
    bases.push(parseSubtree(list.sequence()))
  }
  return bases
}

function parseSubtree(fields: DerReader): GeneralName {
  const base = parseGeneralName(fields, 'constraint')
  if (!fields.atEnd) {
    throw malformed('unsupported')
  }
  checkMask(base)
  return base
}

/** A mask with holes names no range (RFC 4632 writes prefixes); taking it could permit more than was meant. */
function checkMask(base: GeneralName): void {
  if (base.type !== 'ip') {
    return
  }
  if (base.bytes.length !== 8 && base.bytes.length !== 32) {
    throw malformed('out_of_range')
  }
  let ended = false
  for (const octet of base.bytes.subarray(base.bytes.length / 2)) {
    const ones = Math.clz32(~(octet << 24))
    if ((ended && octet !== 0) || ((octet << ones) & 0xff) !== 0) {
      throw malformed('out_of_range')
    }
    ended ||= octet !== 0xff
  }
}

function malformed(defect: 'empty' | 'unsupported' | 'out_of_range'): PkiError {
  return new PkiError('extension_malformed', { oid: oids.nameConstraints, defect })
}
