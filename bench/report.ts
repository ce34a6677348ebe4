import type { Standing } from './contest.ts'
import { ratios, type Spread, spreadOf } from './statistics.ts'

/** Prints what was measured as Markdown, as soon as it is known. */
export class Report {
  readonly #print: (text: string) => void

  constructor(print: (text: string) => void) {
    this.#print = print
  }

  heading(title: string): void {
    this.#print(`\n## ${title}\n\n`)
  }

  /** Something that was not measured, and why. */
  absent(what: string, reason: string): void {
    this.#print(`Not measured: ${what} (${reason}).\n\n`)
  }

  table(columns: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [columns, ...rows]
    const widths = columns.map((_, at) => Math.max(3, ...all.map((row) => row[at]?.length ?? 0)))
    const line = (row: readonly string[]) =>
      `| ${widths.map((width, at) => (at === 0 ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width))).join(' | ')} |\n`
    const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
    this.#print([line(columns), `| ${rule.join(' | ')} |\n`, ...rows.map(line), '\n'].join(''))
  }

  /** Rates of a contest, and ours to each peer's round by round. */
  contest(unit: string, standings: readonly Standing[], compared: readonly Comparison[] = []): void {
    this.table(
      [unit, 'median', 'min', 'max', 'processor µs each'],
      standings.map(({ name, rates, costs }) => [
        ...row(name, rates, whole),
        costs.length === 0 ? 'unknown' : whole(spreadOf(costs).median),
      ]),
    )
    const rows = compared.flatMap(({ ours, theirs, wanted }) => {
      const values = ratios(ratesOf(standings, ours), ratesOf(standings, theirs))
      if (values.length === 0) return []
      return [[...row(`${ours} : ${theirs}`, values, (value) => `${value.toFixed(2)} ×`), wanted]]
    })
    if (rows.length > 0) this.table(['ratio', 'median', 'min', 'max', 'wanted'], rows)
  }
}

/** A ratio to print: names of contestants, and what is aimed at. */
export interface Comparison {
  readonly ours: string
  readonly theirs: string
  readonly wanted: string
}

function ratesOf(standings: readonly Standing[], name: string): readonly number[] {
  return standings.find((standing) => standing.name === name)?.rates ?? []
}

function row(name: string, values: readonly number[], format: (value: number) => string): string[] {
  const { median, min, max }: Spread = spreadOf(values)
  return [name, format(median), format(min), format(max)]
}

/** A count with thousands set apart. */
export function whole(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1)
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
