import { readCertificationRequest } from '../../pki/csr.ts'
import { readingRequest } from '../certificates/csr-faults.ts'
import { Fault } from '../faults.ts'

/** Longer than any request over a key we certify: what is longer is not looked at. */
const LONGEST_TEXT = 65_536

/** Boundaries out of which a script took the blanks together with the line ends. */
const boundaryWithoutBlanks = /-----(BEGIN|END)(NEW)?CERTIFICATEREQUEST-----/g

/**
 * DER of a certification request in any of the forms in which clients of ordering APIs send one. Beyond what
 * `readCertificationRequest` takes (PEM with any line ends or none, base64 alone), line ends may be written out as
 * `\n`, PEM may have lost every blank, and base64 alone may lack its padding or use the alphabet for URLs (RFC 4648
 * section 5). Only the wrapping is forgiven; what is inside is judged like every request.
 *
 * @throws Fault csr_malformed, csr_not_a_request
 */
export function decodeLenientCsr(text: string): Uint8Array {
  if (text.length > LONGEST_TEXT) {
    throw new Fault('csr_malformed', { reason: `more than ${LONGEST_TEXT} characters` })
  }
  const written = text
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .replaceAll(boundaryWithoutBlanks, withBlanks)
  return readingRequest(() =>
    readCertificationRequest(written.includes('-----') ? written : standardBase64(written)),
  )
}

function withBlanks(_: string, side: string, before: string | undefined): string {
  return `-----${side} ${before === undefined ? '' : `${before} `}CERTIFICATE REQUEST-----`
}

/** Base64 of any alphabet, with or without padding, as RFC 4648 section 4 writes it. */
function standardBase64(text: string): string {
  const digits = text
    .replaceAll(/[\s=]+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=')
}
