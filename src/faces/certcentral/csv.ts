import type { Members, Value } from './reply.ts'

/**
 * Items of a list as CSV (RFC 4180): a line of column names, then one line for each item. Members of members have
 * dotted names; the values of a list stand in one cell, with a space between them.
 */
export function csvOf(items: readonly Members[]): string {
  const rows = items.map(cellsOf)
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))]
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))]
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('')
}

function cellsOf(item: Members): ReadonlyMap<string, string> {
  const cells = new Map<string, string>()
  const add = (name: string, value: Value | undefined): void => {
    if (value === undefined || value === null) return
    if (isMembers(value)) {
      for (const [member, inner] of Object.entries(value)) add(`${name}.${member}`, inner)
      return
    }
    cells.set(name, cellText(value))
  }
  for (const [name, value] of Object.entries(item)) add(name, value)
  return cells
}

function cellText(value: Value): string {
  if (typeof value === 'string') return withoutFormula(value)
  if (Array.isArray(value)) return value.map(cellText).join(' ')
  return isMembers(value) ? withoutFormula(JSON.stringify(value)) : String(value)
}

/** Spreadsheets run what begins like a formula; a quote before it makes it text. */
function withoutFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function isMembers(value: Value): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
