/** The passphrase of the test account after that many changes. */
export function passphraseOf(round: number): string {
  return `passphrase number ${round}`
}
