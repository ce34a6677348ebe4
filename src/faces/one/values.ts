/** Whether a text can be stored and shown as it is; line ends and tabs where they are allowed. */
export function isPlainText(text: string, multiline = false): boolean {
  if (!text.isWellFormed()) return false
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    const isLineEnd = character === 0x09 || character === 0x0a || character === 0x0d
    if ((character < 0x20 && !(multiline && isLineEnd)) || character === 0x7f) return false
  }
  return true
}

/** Serial number, thumbprint: hex of any letter case, with colons or without; upper case without them. */
export function readHex(text: string, longest: number): string | undefined {
  if (text.length > longest * 2) return undefined
  const digits = text.replaceAll(':', '').toUpperCase()
  return /^[0-9A-F]+$/.test(digits) && digits.length <= longest ? digits : undefined
}

/**
 * A serial number as this face writes it: an even number of digits, at most 40, without octets of zero in front, such
 * as the one that keeps the sign of DER positive.
 */
export function readSerialNumber(text: string): string | undefined {
  const digits = readHex(text.trim(), 42)
  if (digits === undefined) return undefined
  const octets = (digits.length % 2 === 0 ? digits : `0${digits}`).replace(/^(?:00)+(?=..)/, '')
  return octets.length <= 40 ? octets : undefined
}
