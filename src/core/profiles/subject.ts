import type { NameInput } from '../../pki/names.ts'

/**
 * Subject attributes in a profile's order, those without a value left out. An attribute the profile does not
 * name cannot get into a certificate, so asking for one is a mistake of ours and throws.
 */
export function orderSubject<Attribute extends NameInput>(
  attributes: readonly Attribute[],
  order: readonly string[],
): Attribute[] {
  for (const { type } of attributes) {
    if (!order.includes(type)) throw new RangeError(`no place in the subject for attribute ${type}`)
  }
  return order.flatMap((type) =>
    attributes.filter((attribute) => attribute.type === type && attribute.value !== ''),
  )
}
