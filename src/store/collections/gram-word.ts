const BASE = 36
const PAIR = BASE ** 2
const REST = PAIR ** 2
const pairs = digitsBelow(PAIR, 2)
const heads = digitsBelow(Math.ceil(2 ** 32 / REST), 1)

/**
 * A number of an item as a word that full-text search takes: unsigned, to base 36, without leading zeros. Indexes hold
 * these words. `toString` would take most of the time in which an item is indexed.
 * @param number 32 bits, signed or not
 */
export function gramWord(number: number): string {
  const unsigned = number >>> 0
  const head = Math.floor(unsigned / REST)
  if (head === 0) return unsigned.toString(BASE)
  const rest = unsigned % REST
  return `${heads[head]}${pairs[Math.floor(rest / PAIR)]}${pairs[rest % PAIR]}`
}

function digitsBelow(end: number, length: number): readonly string[] {
  return Array.from({ length: end }, (_, number) => number.toString(BASE).padStart(length, '0'))
}
