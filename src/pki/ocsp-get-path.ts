import { PkiError } from './errors.ts'

/**
 * The DER of the request in an OCSP GET, RFC 6960 appendix A.1.
 *
 * @param path what follows the responder's own path and its slash, as it stands in the request line: base64, raw
 * or URL-encoded in whole or in part. A raw `/` belongs to the base64. Padding may be left out.
 * @throws PkiError `input_empty`, `base64_invalid`.
 */
export function decodeOcspGetPath(path: string): Uint8Array {
  if (path.length === 0) {
    throw new PkiError('input_empty', {})
  }
  const text = path.includes('%') ? decodePercent(path) : path
  const digits = withoutPadding(text)
  for (let index = 0; index < digits.length; index += 1) {
    if (!isBase64Digit(digits.charCodeAt(index))) {
      throw invalid()
    }
  }
  const der = Buffer.from(digits, 'base64')
  // Unused bits that are not zero would give one request several paths.
  if (digits.length % 4 === 1 || withoutPadding(der.toString('base64')) !== digits) {
    throw invalid()
  }
  return der
}

/** Percent-encoded octets, all of which are ASCII when the text is base64. */
function decodePercent(path: string): string {
  let text = ''
  for (let index = 0; index < path.length; index += 1) {
    if (path.charCodeAt(index) !== percent) {
      text += path.charAt(index)
      continue
    }
    const octet = hexDigit(path.charCodeAt(index + 1)) * 16 + hexDigit(path.charCodeAt(index + 2))
    if (Number.isNaN(octet)) {
      throw invalid()
    }
    text += String.fromCharCode(octet)
    index += 2
  }
  return text
}

const percent = 0x25
const plus = 0x2b
const slash = 0x2f

function withoutPadding(text: string): string {
  if (text.endsWith('==')) {
    return text.slice(0, -2)
  }
  return text.endsWith('=') ? text.slice(0, -1) : text
}

function isBase64Digit(unit: number): boolean {
  return (
    (unit >= 0x30 && unit <= 0x39) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x61 && unit <= 0x7a) ||
    unit === plus ||
    unit === slash
  )
}

/** NaN for what is no hexadecimal digit. */
function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) {
    return unit - 0x30
  }
  const letter = (unit | 0x20) - 0x61
  return letter >= 0 && letter <= 5 ? letter + 10 : Number.NaN
}

function invalid(): PkiError {
  return new PkiError('base64_invalid', {})
}
