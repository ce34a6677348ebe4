/** What goes into a PKCS#12 file (RFC 7292). */
export interface Pkcs12Contents {
  /** PKCS#8 DER; the caller zeroes it afterwards. */
  readonly privateKeyDer: Uint8Array
  /** DER of the certificate over that key. */
  readonly certificateDer: Uint8Array
  /** DER of the CA certificates above it, the nearest first. */
  readonly chainDer: readonly Uint8Array[]
  /** Name that readers show for key and certificate. */
  readonly friendlyName: string
  readonly password: string
}

export interface Pkcs12Builder {
  /** DER of a PKCS#12 file whose key and certificates the password opens. */
  build(contents: Pkcs12Contents): Promise<Uint8Array>
}
