export type Format = 'json' | 'xml' | 'csv'

const mediaTypes: { readonly [F in Format]: readonly string[] } = {
  json: ['application/json'],
  xml: ['application/xml', 'text/xml'],
  csv: ['text/csv'],
}

interface Range {
  readonly type: string
  readonly weight: number
  readonly place: number
}

/**
 * The format a caller likes best, by `Accept` (RFC 9110 section 12.5.1): the one of highest weight, among equals the
 * one named first. Without the header, or with one that names no media type at all, the first that is offered.
 *
 * @returns undefined when none is acceptable
 */
export function chooseFormat(
  accept: string | undefined,
  offered: readonly [Format, ...Format[]],
): Format | undefined {
  if (accept === undefined || accept === '*/*') return offered[0]
  const ranges = readRanges(accept)
  if (ranges.length === 0) return offered[0]
  let best: Format | undefined
  let bestRange: Range | undefined
  for (const format of offered) {
    const range = rangeFor(ranges, format)
    if (range === undefined || range.weight === 0) continue
    const isBetter =
      bestRange === undefined ||
      range.weight > bestRange.weight ||
      (range.weight === bestRange.weight && range.place < bestRange.place)
    if (isBetter) {
      best = format
      bestRange = range
    }
  }
  return best
}

function readRanges(accept: string): readonly Range[] {
  return accept.split(',').flatMap((part, place) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    if (!type.includes('/') && type !== '*') return []
    return [{ type: type === '*' ? '*/*' : type, weight: weightOf(parameters), place }]
  })
}

function weightOf(parameters: readonly string[]): number {
  const written = parameters.find((parameter) => parameter.startsWith('q='))
  if (written === undefined) return 1
  const weight = Number(written.slice(2))
  return weight >= 0 && weight <= 1 ? weight : 0
}

/** The most specific range that a format falls under decides about it. */
function rangeFor(ranges: readonly Range[], format: Format): Range | undefined {
  const names = mediaTypes[format]
  const families = names.map((name) => `${name.slice(0, name.indexOf('/'))}/*`)
  return (
    ranges.find(({ type }) => names.includes(type)) ??
    ranges.find(({ type }) => families.includes(type)) ??
    ranges.find(({ type }) => type === '*/*')
  )
}
