/**
 * A host name an order asks for. `value` is a DNS name or an address in its normal form; the first name of an order is
 * its common name.
 */
export interface OrderName {
  readonly value: string
  /** The parameter it came in, in the face's own spelling. */
  readonly parameter: string
}

export function isWildcard(name: string): boolean {
  return name.startsWith('*.')
}
