/** Situations that the program has to stand, by the numbers under which tests name them. */

/** Numbers from the first to the last, without those that another part of the program brings. */
function range(letter: string, first: number, last: number, without: readonly number[] = []): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .filter((number) => !without.includes(number))
    .map((number) => `${letter}${number}`)
}

/**
 * Cases that the default test run has to cover. Left out: those of protocols that are not there, and those that take
 * hours, which `npm run test:long` covers.
 */
export const hardeningCases: readonly string[] = [
  // Keys and requests
  ...range('K', 1, 28),
  // Names and profiles
  ...range('N', 1, 21, [20]),
  // Validity, serial numbers, encodings
  ...range('V', 1, 14, [12]),
  // Domain control, CAA, outbound calls
  ...range('D', 1, 20, [7]),
  // Protocols, authentication, APIs
  ...['P6', ...range('P', 11, 21)],
  // Revocation, OCSP, CRLs
  ...range('R', 1, 18),
  // Storage, crashes, faults
  ...[...range('S', 1, 12), ...range('S', 14, 16)],
  // Abuse of resources
  ...range('X', 1, 8),
]
