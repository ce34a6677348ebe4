/** Identifier octets (X.690 section 8.1.2). Every tag used in X.509 and its protocols fits one octet. */

export const BOOLEAN = 0x01
export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OCTET_STRING = 0x04
export const NULL = 0x05
export const OBJECT_IDENTIFIER = 0x06
export const ENUMERATED = 0x0a
export const UTF8_STRING = 0x0c
export const NUMERIC_STRING = 0x12
export const PRINTABLE_STRING = 0x13
export const TELETEX_STRING = 0x14
export const IA5_STRING = 0x16
export const UTC_TIME = 0x17
export const GENERALIZED_TIME = 0x18
export const VISIBLE_STRING = 0x1a
export const UNIVERSAL_STRING = 0x1c
export const BMP_STRING = 0x1e
export const SEQUENCE = 0x30
export const SET = 0x31

/** Bit of the identifier octet that marks an element made of elements. */
export const CONSTRUCTED = 0x20

/** Identifier octet of [number] over a primitive value. */
export function contextPrimitive(number: number): number {
  return 0x80 | number
}

/** Identifier octet of [number] over a constructed value; EXPLICIT tags are always of this form. */
export function contextConstructed(number: number): number {
  return 0xa0 | number
}
