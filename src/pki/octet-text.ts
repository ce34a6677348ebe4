/** Octets as text of one character each: for comparing, for keys of maps, and for what is ASCII. */
export function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1')
}
