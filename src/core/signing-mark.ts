import type { Instant } from './brand.ts'
import { storedJson } from './stored-json.ts'

/** How far signing has come, as processes tell one another by the setting `last-signing`. */
export interface SigningMark {
  /** The latest time anything was signed at, since the last accepted step; 0: never. */
  readonly at: Instant
  /** How many times an operator accepted that the clock went back. */
  readonly steps: number
}

const noMark: SigningMark = { at: 0, steps: 0 }

/** Is the first one newer? After an accepted step an earlier time is: what was known before it counts no more. */
export function isLaterMark(mark: SigningMark, than: SigningMark): boolean {
  return mark.steps === than.steps ? mark.at > than.at : mark.steps > than.steps
}

/** Text of the setting: the time in milliseconds alone before the first step, a JSON object after it. */
export function signingMarkText(mark: SigningMark): string {
  return JSON.stringify(mark.steps === 0 ? mark.at : mark)
}

/** @throws Error for text that is no mark: it must not pass for a clock that was never ahead */
export function readSigningMark(text: string | undefined): SigningMark {
  if (text === undefined) return noMark
  const value = storedJson(text)
  if (isTime(value)) return { ...noMark, at: value }
  if (typeof value === 'object' && value !== null && 'at' in value && 'steps' in value) {
    const { at, steps } = value
    if (isTime(at) && isTime(steps)) return { at, steps }
  }
  throw new Error('the setting "last-signing" does not hold the time of a signature')
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
