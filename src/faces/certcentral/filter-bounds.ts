export const dayMs = 86_400_000

/** Both ends inclusive; an absent end is open. */
export interface Bounds {
  readonly from?: number
  readonly to?: number
}

/**
 * Reads `value`, `>value`, `>=value`, `<value`, `<=value` or `from...to`, either end of which may be absent.
 *
 * @param read the first and the last number that one value stands for; undefined when it is none
 * @returns undefined when the text is none of them
 */
export function readBounds(
  text: string,
  read: (text: string) => { readonly from: number; readonly to: number } | undefined,
): Bounds | undefined {
  const dots = text.indexOf('...')
  if (dots !== -1) return range(text.slice(0, dots), text.slice(dots + 3), read)
  const sign = /^(>=|<=|>|<)/.exec(text)?.[0] ?? ''
  const value = read(text.slice(sign.length).trim())
  if (value === undefined) return undefined
  switch (sign) {
    case '>':
      return { from: value.to + 1 }
    case '>=':
      return { from: value.from }
    case '<':
      return { to: value.from - 1 }
    case '<=':
      return { to: value.to }
    default:
      return value
  }
}

function range(
  first: string,
  last: string,
  read: (text: string) => { readonly from: number; readonly to: number } | undefined,
): Bounds | undefined {
  const from = first === '' ? undefined : read(first.trim())
  const to = last === '' ? undefined : read(last.trim())
  const isUnread = (first !== '' && from === undefined) || (last !== '' && to === undefined)
  if (isUnread || (from === undefined && to === undefined)) return undefined
  return {
    ...(from === undefined ? {} : { from: from.from }),
    ...(to === undefined ? {} : { to: to.to }),
  }
}
