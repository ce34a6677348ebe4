import { explicit, implicitConstructed, integer, oid, sequence, set } from './der/writer.ts'

const signedData = '1.2.840.113549.1.7.2'
const data = '1.2.840.113549.1.7.1'

/**
 * DER of a CMS message that carries certificates and nothing else, what files named `.p7b` hold.
 *
 * @param certificates DER of each; they are put into the order of DER, which says nothing of who signed whom
 */
export function certificatesOnly(certificates: readonly Uint8Array[]): Uint8Array {
  const inOrder = certificates.toSorted(Buffer.compare)
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
        implicitConstructed(0, ...inOrder),
        // signerInfos
        set(),
      ),
    ),
  )
}
