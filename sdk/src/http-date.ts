const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const time = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})'
const month = `(?<month>${months.join('|')})`
const shortDay = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const longDay = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day'

/** The three spellings of RFC 9110, section 5.6.7: IMF-fixdate, RFC 850, asctime. */
const spellings = [
  new RegExp(`^${shortDay}, (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^${longDay}, (?<day>\\d{2})-${month}-(?<shortYear>\\d{2}) ${time} GMT$`),
  new RegExp(`^${shortDay} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
]

/**
 * Milliseconds since the epoch of an HTTP date, or nothing when the text is none. The name of the day is not held
 * against the date.
 *
 * @param nowMs settles the century of a two-digit year: never more than 50 years ahead
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const spelling of spellings) {
    const parts = spelling.exec(text)?.groups
    if (parts !== undefined) return momentOf(parts, nowMs)
  }
  return undefined
}

function momentOf(parts: Record<string, string | undefined>, nowMs: number): number | undefined {
  const year = parts.year === undefined ? fullYear(Number(parts.shortYear), nowMs) : Number(parts.year)
  const monthIndex = months.indexOf(parts.month ?? '')
  const [day, hour, minute, second] = [parts.day, parts.hour, parts.minute, parts.second].map(Number)
  if (day === undefined || hour === undefined || minute === undefined || second === undefined)
    return undefined
  // A leap second is written as 60.
  if (hour > 23 || minute > 59 || second > 60) return undefined
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, monthIndex, day)
  if (midnight.getUTCMonth() !== monthIndex || midnight.getUTCDate() !== day) return undefined
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000
}

function fullYear(shortYear: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear()
  const inThisCentury = thisYear - (thisYear % 100) + shortYear
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury
}
