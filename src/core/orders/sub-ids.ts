import type { OrderCertificate } from './order.ts'

/**
 * Numbers of an order's duplicates, `001` for the first one, by the id of the certificate. A duplicate keeps its number
 * when others are archived.
 * @param certificates all of the order's
 */
export function subIds(
  certificates: readonly Pick<OrderCertificate, 'id' | 'kind' | 'sequence'>[],
): ReadonlyMap<number, string> {
  const duplicates = certificates
    .filter(({ kind }) => kind === 'duplicate')
    .toSorted((one, other) => one.sequence - other.sequence)
  return new Map(duplicates.map(({ id }, place) => [id, String(place + 1).padStart(3, '0')]))
}
