/** Largest id there is: clients read them into 32 bits. */
export const largestId = 2 ** 31 - 1

/** Members of a body: texts only when it came as XML. Objects in it need not have a prototype. */
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

/** Control characters, `<` and `>` have no place in names and comments. */
export function isPlainText(
  text: string,
  {
    multiline = false,
    anyCharacter = false,
  }: { readonly multiline?: boolean; readonly anyCharacter?: boolean },
): boolean {
  if (!text.isWellFormed() || text.includes('\0')) return false
  if (anyCharacter) return true
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    const isLineEnd = character === 0x09 || character === 0x0a || character === 0x0d
    if ((character < 0x20 && !(multiline && isLineEnd)) || character === 0x7f) return false
    if (character === 0x3c || character === 0x3e) return false
  }
  return true
}
