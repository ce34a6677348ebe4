import { PkiError } from './errors.ts'

/** One encapsulated object (RFC 7468). */
export interface PemBlock {
  /** Text between `BEGIN ` and the dashes, such as `CERTIFICATE`. */
  readonly label: string
  readonly der: Uint8Array
}

/** A block whose base64 has not been decoded. */
export interface PemText {
  readonly label: string
  readonly body: string
}

const begin = '-----BEGIN '
const dashes = '-----'
/** Longer than every label in use ("NEW CERTIFICATE REQUEST" has 23 characters). */
const longestLabel = 64

/** RFC 7468: 64 characters a line, LF, final newline. */
export function pemEncode(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64')
  const lines: string[] = [`${begin}${label}${dashes}`]
  for (let index = 0; index < base64.length; index += 64) {
    lines.push(base64.slice(index, index + 64))
  }
  lines.push(`-----END ${label}${dashes}\n`)
  return lines.join('\n')
}

/**
 * All blocks of a text, in order. Text around the blocks is skipped, line ends and blanks inside them do not
 * matter. Linear in the length of the text.
 *
 * Raises PkiError `pem_unterminated`, `base64_invalid`.
 */
export function pemBlocks(text: string): PemBlock[] {
  return scanPem(text).map(({ label, body }) => ({ label, der: decodeBase64(body) }))
}

/** Finds the blocks without decoding them. Raises PkiError `pem_unterminated`. */
export function scanPem(text: string): PemText[] {
  const blocks: PemText[] = []
  let start = text.indexOf(begin)
  while (start !== -1) {
    const labelStart = start + begin.length
    const labelEnd = text.slice(labelStart, labelStart + longestLabel + dashes.length).indexOf(dashes)
    if (labelEnd === -1) {
      throw new PkiError('pem_unterminated', {})
    }
    const label = text.slice(labelStart, labelStart + labelEnd)
    const bodyStart = labelStart + labelEnd + dashes.length
    const boundary = `-----END ${label}${dashes}`
    const bodyEnd = text.indexOf(boundary, bodyStart)
    // Ending the scan here keeps a flood of BEGIN lines from costing one search each.
    if (bodyEnd === -1) {
      throw new PkiError('pem_unterminated', {})
    }
    blocks.push({ label, body: text.slice(bodyStart, bodyEnd) })
    start = text.indexOf(begin, bodyEnd + boundary.length)
  }
  return blocks
}

/**
 * Octets of padded standard base64 (RFC 4648 section 4) in its one canonical form; blanks and line ends are
 * skipped. Raises PkiError `base64_invalid`.
 */
export function decodeBase64(text: string): Uint8Array {
  const compact = text.replaceAll(/[ \t\r\n]+/g, '')
  const decoded = Buffer.from(compact, 'base64')
  // The decoder skips what it does not know; encoding again shows whether it did.
  if (decoded.toString('base64') !== compact) {
    throw new PkiError('base64_invalid', {})
  }
  return new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.length)
}
