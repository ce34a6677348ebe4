/** Members of a body in JSON, or in XML, whose values are texts only. Objects in it need not have a prototype. */
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
