/** Lower-case hexadecimal of the bytes, as expectations of exact encodings are written. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Bytes of hexadecimal text; blanks between the digits may set off the elements of an encoding. */
export function unhex(text: string): Uint8Array {
  const digits = text.replaceAll(' ', '')
  if (!/^([0-9a-f]{2})*$/.test(digits)) {
    throw new Error(`not hexadecimal: ${text}`)
  }
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}
