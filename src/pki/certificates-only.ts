import { explicit, implicitConstructed, integer, oid, sequence, set } from './der/writer.ts'

const signedData = '1.2.840.113549.1.7.2'
const data = '1.2.840.113549.1.7.1'

/**
 * A CMS message that carries certificates and nothing else, what files named `.p7b` hold. All of it is DER but the
 * order of the certificates: readers show them, and some use them, as they come, and RFC 5652 section 5.1 asks for BER.
 *
 * @param certificates DER of each, in the order in which they are to stand
 */
export function certificatesOnly(certificates: readonly Uint8Array[]): Uint8Array {
  return sequence(
    // RFC 5652 section 3: contentType, content.
    oid(signedData),
    explicit(
      0,
      sequence(
        // RFC 5652 section 5.1: version 1 where there are X.509 certificates only, no signers, and plain data.
        integer(1),
        // digestAlgorithms: those of the signers, of whom there are none.
        set(),
        // encapContentInfo without content.
        sequence(oid(data)),
        // certificates, [0] IMPLICIT SET OF.
        implicitConstructed(0, ...certificates),
        // signerInfos
        set(),
      ),
    ),
  )
}
