import { X509Certificate } from 'node:crypto'
import type { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'
import type { Answer } from './service.ts'

/** Asks for a duplicate over a new key, at once unless told otherwise. */
export async function duplicate(
  shop: Shop,
  id: number,
  certificate: object = {},
  rest: object = {},
): Promise<Answer> {
  return shop.tenant.post(`/order/certificate/${id}/duplicate`, {
    certificate: { csr: await csrPem(), ...certificate },
    skip_approval: true,
    ...rest,
  })
}

/** The leaf of an answer with a chain. */
export const leafOf = (answer: Answer) => new X509Certificate(answer.json().certificate_chain[0].pem)

/** Its alternative names, in their order. */
export const namesOf = (certificate: X509Certificate) =>
  (certificate.subjectAltName ?? '').split(', ').map((name) => name.replace('DNS:', ''))
