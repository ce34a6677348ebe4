import { pemEncode } from '../../pki/pem.ts'
import type { Issuer } from '../authorities/issuer.ts'
import { refuseForbiddenExtensions } from '../certificates/requested-extensions.ts'
import { keyFromRequest } from '../certificates/subscriber-key.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Product } from '../products/product.ts'
import { decodeLenientCsr } from './lenient-csr.ts'
import type { Order } from './order.ts'

/**
 * The CSR of an order, whatever form it came in.
 * @returns its DER
 * @throws Fault csr_malformed, csr_not_a_request; csr_not_taken for a product whose key is made on a token that is
 *   sent to its owner
 */
export function orderCsrDer(
  product: Pick<Product, 'nameId' | 'csr'>,
  written: string,
  provisioning: Order['provisioning'] | null,
): Uint8Array {
  // A device of the owner's own, which the order has to say, makes a CSR like any other.
  if (product.csr === 'not-taken' && provisioning !== 'none') {
    throw new Fault('csr_not_taken', { product: product.nameId })
  }
  return decodeLenientCsr(written)
}

/**
 * A CSR as orders keep it: PEM, with the line ends that it was written with, as callers compare what orders show with
 * what they sent.
 */
export function keptCsr(der: Uint8Array, written: string): string {
  const pem = pemEncode('CERTIFICATE REQUEST', der)
  const lines = written.replaceAll('\r\n', '\n')
  return lines === pem || lines === pem.trimEnd() ? written : pem
}

/**
 * The CSR of an order as it is kept, whatever form it came in.
 * @throws Fault see `orderCsrDer`
 */
export function orderCsr(...asked: Parameters<typeof orderCsrDer>): string {
  return keptCsr(orderCsrDer(...asked), asked[1])
}

/**
 * Judges the CSR of an order as its issuance will: form, key, proof of possession, and wishes for powers.
 * @throws Fault every code about requests and keys
 */
export async function checkOrderCsr(engine: Engine, issuer: Issuer, csr: string | Uint8Array): Promise<void> {
  const { digest, request } = await keyFromRequest(engine, issuer, csr)
  if (request !== undefined) refuseForbiddenExtensions(request)
  const isBlocked = await engine.store.read((view) => view.status.keyBlocked(digest))
  if (isBlocked) throw new Fault('key_compromised', {})
}
