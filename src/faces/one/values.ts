/** Members of a body. Objects in it need not have a prototype. */
export type BodyMembers = Readonly<Record<string, unknown>>

export function isMembers(value: unknown): value is BodyMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of a text or a number; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' ? String(value) : undefined
}

/** A safe integer, or one in decimal digits. */
export function readInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^[+-]?\d{1,15}$/.test(value.trim())) return undefined
  return Number(value)
}

/** `true`, 1, and their texts in any letter case; the same of `false` and 0. */
export function readFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = scalarText(value)?.toLowerCase()
  if (text === '1' || text === 'true') return true
  return text === '0' || text === 'false' ? false : undefined
}

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

/** A serial number as this face writes it: an even number of digits. */
export function readSerialNumber(text: string): string | undefined {
  const digits = readHex(text.trim(), 40)
  if (digits === undefined) return undefined
  return digits.length % 2 === 0 ? digits : `0${digits}`
}
