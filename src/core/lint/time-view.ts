import { DerError } from '../../pki/der/errors.ts'
import { DerReader } from '../../pki/der/reader.ts'
import { GENERALIZED_TIME, UTC_TIME } from '../../pki/der/tags.ts'
import { latin1 } from '../../pki/octet-text.ts'

/** A time as encoded. */
export interface TimeView {
  readonly tag: number
  /** Its characters. */
  readonly text: string
  /** Whether it has one of the two forms of RFC 5280 section 4.1.2.5. */
  readonly wellFormed: boolean
  /** Milliseconds since 1970; for a time in another form the nearest reading, NaN when there is none. */
  readonly instant: number
}

export function viewTime(fields: DerReader): TimeView {
  const tag = fields.peekTag()
  const element = fields.raw()
  const contents = DerReader.of(element).element()
  const text = latin1(contents)
  if (tag === UTC_TIME || tag === GENERALIZED_TIME) {
    try {
      return { tag, text, wellFormed: true, instant: DerReader.of(element).time() }
    } catch (error) {
      if (!(error instanceof DerError)) throw error
    }
  }
  return { tag, text, wellFormed: false, instant: nearestInstant(tag, text) }
}

/** Whole minutes are enough to tell which rules were in force. */
function nearestInstant(tag: number, text: string): number {
  const digits = tag === GENERALIZED_TIME ? text : `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`
  const part = (start: number, end: number) => Number(digits.slice(start, end))
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12))
}
