import type { DerReader } from '../der/reader.ts'
import { BOOLEAN } from '../der/tags.ts'
import { boolean, octetString, oid, sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'

/**
 * One X.509 extension, RFC 5280 section 4.1. `oid` is dotted; `value` is what the extnValue OCTET STRING holds:
 * the DER of the extension's own type.
 */
export interface Extension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

const criticalTrue = boolean(true)

/** DER of one `Extension`. `critical` FALSE is the default value and therefore absent in DER. */
export function encodeExtension(extension: Extension): Uint8Array {
  const value = octetString(extension.value)
  return extension.critical
    ? sequence(oid(extension.oid), criticalTrue, value)
    : sequence(oid(extension.oid), value)
}

/**
 * DER of `Extensions`, in the order given.
 *
 * @throws PkiError `extension_duplicate`: RFC 5280 section 4.2 allows each extension once.
 */
export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  const seen = new Set<string>()
  for (const extension of extensions) {
    rememberOnce(seen, extension.oid)
  }
  return sequence(...extensions.map(encodeExtension))
}

/**
 * Reads the `Extensions` element that comes next in `reader` and nothing after it. The values stay unparsed
 * views of the input; `extensionValue` looks into one, `checkExtensionValue` into any.
 *
 * @throws DerError where the bytes are not DER; an explicit `critical` FALSE is not.
 * @throws PkiError `extensions_empty` (SIZE (1..MAX)), `extension_duplicate`.
 */
export function parseExtensions(reader: DerReader): Extension[] {
  const list = reader.sequence()
  if (list.atEnd) {
    throw new PkiError('extensions_empty', {})
  }
  const extensions: Extension[] = []
  const seen = new Set<string>()
  while (!list.atEnd) {
    const extension = parseExtension(list.sequence())
    rememberOnce(seen, extension.oid)
    extensions.push(extension)
  }
  return extensions
}

/** The extension with this OID, if the list has it. */
export function findExtension(extensions: readonly Extension[], wanted: string): Extension | undefined {
  return extensions.find((extension) => extension.oid === wanted)
}

/** What `parse` reads from the value of the extension with this OID; undefined when the list does not have it. */
export function extensionValue<Value>(
  extensions: readonly Extension[],
  wanted: string,
  parse: (value: Uint8Array) => Value,
): Value | undefined {
  const extension = findExtension(extensions, wanted)
  return extension && parse(extension.value)
}

function parseExtension(fields: DerReader): Extension {
  const oid = fields.oid()
  let critical = false
  if (fields.peekTag() === BOOLEAN) {
    critical = fields.boolean()
    if (!critical) {
      throw new PkiError('extension_malformed', { oid, defect: 'default_encoded' })
    }
  }
  const value = fields.octetString()
  fields.end()
  return { oid, critical, value }
}

function rememberOnce(seen: Set<string>, oid: string): void {
  if (seen.has(oid)) {
    throw new PkiError('extension_duplicate', { oid })
  }
  seen.add(oid)
}
