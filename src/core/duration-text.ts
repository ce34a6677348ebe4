import type { RateWindow } from './store/admissions.ts'

const millisecondsPerUnit: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** Milliseconds of a length of time as operators write it: `500ms`, `30s`, `5m`, `24h`, `7d`. NaN for other texts. */
export function readDuration(text: string): number {
  const [, digits, unit = ''] = /^([0-9]{1,12})([a-z]{1,2})$/.exec(text) ?? []
  return Number(digits) * (millisecondsPerUnit.get(unit) ?? Number.NaN)
}

/** In the largest unit that leaves no rest. */
export function writeDuration(milliseconds: number): string {
  const units = [...millisecondsPerUnit].reverse()
  const [unit, size] = units.find(([, each]) => milliseconds % each === 0) ?? ['ms', 1]
  return `${milliseconds / size}${unit}`
}

const shortestWindowMs = 1_000
const longestWindowMs = 31 * 86_400_000
const highestLimit = 100_000

/** How often something may be done, as operators write it: `100/5m`. Undefined for other texts. */
export function readRate(text: string): RateWindow | undefined {
  const [limit = '', window = '', rest] = text.split('/')
  const windowMs = readDuration(window)
  const isSound = /^[1-9][0-9]{0,5}$/.test(limit) && Number(limit) <= highestLimit && rest === undefined
  if (!isSound || !(windowMs >= shortestWindowMs && windowMs <= longestWindowMs)) return undefined
  return { limit: Number(limit), windowMs }
}

export function writeRate({ limit, windowMs }: RateWindow): string {
  return `${limit}/${writeDuration(windowMs)}`
}
