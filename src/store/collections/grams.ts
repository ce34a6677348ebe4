/**
 * Numbers that stand for parts of terms in an index. An item has one for every three characters in a row of each of
 * its terms, and one for each whole term. All of them depend on the account, so that looking for something costs what
 * the account's own items cost. Two parts may share a number: whoever finds an item by numbers compares its terms.
 */

const PART = 3

/**
 * The numbers of an item. Integers of 32 bits, signed, each once.
 * @param keys values that are found as a whole only, and by nobody who looks for terms
 */
export function gramsOf(
  account: number,
  terms: readonly string[],
  keys: readonly string[] = [],
): ReadonlySet<number> {
  const numbers = new Set<number>()
  for (const key of keys) numbers.add(keyGram(account, key))
  for (const term of terms) {
    numbers.add(wholeGram(account, term))
    for (let start = 0; start + PART <= term.length; start++) {
      numbers.add(hashOf(account, 0, term, start, start + PART))
    }
  }
  return numbers
}

/** The numbers of every item that has this text within a term; none when it is too short to tell. */
export function partGrams(account: number, text: string): readonly number[] {
  const numbers = new Set<number>()
  for (let start = 0; start + PART <= text.length; start++) {
    numbers.add(hashOf(account, 0, text, start, start + PART))
  }
  return [...numbers]
}

/** The number of every item that has this very term. */
export function wholeGram(account: number, term: string): number {
  return hashOf(account, 1, term, 0, term.length)
}

/** The number of every item that has this very key. */
export function keyGram(account: number, key: string): number {
  return hashOf(account, 2, key, 0, key.length)
}

const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

/** FNV-1a over the account, the kind, and UTF-16 code units. */
function hashOf(account: number, kind: number, text: string, start: number, end: number): number {
  let hash = Math.imul(OFFSET_BASIS ^ account, PRIME)
  hash = Math.imul(hash ^ kind, PRIME)
  for (let place = start; place < end; place++) hash = Math.imul(hash ^ text.charCodeAt(place), PRIME)
  // The last characters would move the low bits only.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) | 0
}
