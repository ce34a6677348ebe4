import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { Fault } from '../../faults.ts'
import { isSpecialPurpose } from '../../policy/names/address-ranges.ts'
import { isInternalName } from '../../policy/names/internal-names.ts'
import { baseOf } from '../../validation/methods.ts'
import type { Product } from '../product.ts'
import type { OrderName } from './order-name.ts'

/**
 * Certificates of the public hierarchy name only what has one owner in the whole Internet (cases N8, N9 and N11).
 * @throws Fault names_internal
 */
export function checkInternalNames(product: Product, names: readonly OrderName[]): void {
  if (product.names.of !== 'hosts' || product.issuer === 'account') return
  for (const { value } of names) {
    const address = parseIpAddress(value)
    const internal = address === undefined ? isInternalName(baseOf(value)) : isSpecialPurpose(address)
    if (internal) throw new Fault('names_internal', { name: value })
  }
}
