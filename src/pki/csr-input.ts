import {
  BIT_STRING,
  contextConstructed,
  INTEGER,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  SEQUENCE,
} from './der/tags.ts'
import { PkiError, type ReceivedObject } from './errors.ts'
import { decodeBase64, type PemText, scanPem } from './pem.ts'

const requestLabels: ReadonlySet<string> = new Set(['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'])

/**
 * DER of the certification request in a body: PEM with any line ends and any text around it, bare base64,
 * or DER. The DER itself is not checked here, beyond telling other objects apart.
 *
 * Raises PkiError `input_empty`, `pem_unterminated`, `base64_invalid`, `several_certification_requests`,
 * `not_a_certification_request`; no error holds any part of the input, which may be a private key.
 */
export function readCertificationRequest(input: string | Uint8Array): Uint8Array {
  const der = typeof input === 'string' ? readText(input) : readBytes(input)
  const received = recogniseOther(der)
  if (received !== undefined) {
    throw new PkiError('not_a_certification_request', { received })
  }
  return der
}

function readBytes(input: Uint8Array): Uint8Array {
  // No text form starts with this octet: base64 of a SEQUENCE starts with "M".
  if (input[0] === SEQUENCE) {
    return input
  }
  return readText(Buffer.from(input.buffer, input.byteOffset, input.length).toString('latin1'))
}

function readText(text: string): Uint8Array {
  if (text.trim() === '') {
    throw new PkiError('input_empty', {})
  }
  if (!text.includes('-----BEGIN ')) {
    return decodeBase64(text)
  }
  const blocks = scanPem(text)
  const requests: PemText[] = []
  for (const block of blocks) {
    if (requestLabels.has(block.label)) {
      requests.push(block)
    } else if (block.label.endsWith('PRIVATE KEY')) {
      // Refused even beside a request: whoever sends it should learn that the key has left the house.
      throw new PkiError('not_a_certification_request', { received: receivedFromLabel(block.label) })
    }
  }
  const [request] = requests
  if (request === undefined) {
    const received = receivedFromLabel(blocks[0]?.label ?? '')
    throw new PkiError('not_a_certification_request', { received })
  }
  if (requests.length > 1) {
    throw new PkiError('several_certification_requests', { count: requests.length })
  }
  return decodeBase64(request.body)
}

function receivedFromLabel(label: string): ReceivedObject {
  switch (label) {
    case 'CERTIFICATE':
    case 'X509 CERTIFICATE':
    case 'TRUSTED CERTIFICATE':
      return 'certificate'
    case 'X509 CRL':
      return 'certificate revocation list'
    case 'PKCS7':
    case 'CMS':
      return 'pkcs7'
    case 'PKCS12':
      return 'pkcs12'
    case 'PUBLIC KEY':
    case 'RSA PUBLIC KEY':
      return 'public key'
    case 'ENCRYPTED PRIVATE KEY':
      return 'encrypted private key'
    default:
      return label.endsWith('PRIVATE KEY') ? 'private key' : 'unknown'
  }
}

/** Contents octets that the content types of PKCS#7 start with: 1.2.840.113549.1.7. */
const pkcs7Arc = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07)

/**
 * Tells by the first tags which other object this is. Lengths are followed but not judged, since PKCS#7 and
 * PKCS#12 are often BER. Undefined for requests and for what is none of these: the strict parser says what
 * is wrong with those.
 */
function recogniseOther(der: Uint8Array): ReceivedObject | undefined {
  if (der[0] !== SEQUENCE) {
    return undefined
  }
  const first = contentStart(der, 0)
  switch (der[first]) {
    case OBJECT_IDENTIFIER:
      return isPkcs7Type(der, first) ? 'pkcs7' : undefined
    case INTEGER:
      return recogniseVersioned(der, first)
    case SEQUENCE:
      return recogniseSigned(der, first)
    default:
      return undefined
  }
}

/** PFX, PrivateKeyInfo, RSAPrivateKey and ECPrivateKey start with a version. */
function recogniseVersioned(der: Uint8Array, first: number): ReceivedObject | undefined {
  const second = contentEnd(der, first)
  switch (der[second]) {
    case SEQUENCE:
      return isPkcs7Type(der, contentStart(der, second)) ? 'pkcs12' : 'private key'
    case OCTET_STRING:
      return 'private key'
    case INTEGER:
      // Nine integers are an RSA private key, two are its public key.
      return contentEnd(der, second) < der.length ? 'private key' : 'public key'
    default:
      return undefined
  }
}

/** What starts with a SEQUENCE: a signed object or a key with its algorithm. */
function recogniseSigned(der: Uint8Array, first: number): ReceivedObject | undefined {
  const inner = contentStart(der, first)
  if (der[inner] === OBJECT_IDENTIFIER) {
    const key = der[contentEnd(der, first)]
    return key === BIT_STRING ? 'public key' : key === OCTET_STRING ? 'encrypted private key' : undefined
  }
  if (der[inner] === contextConstructed(0)) {
    return 'certificate'
  }
  // A v1 CRL starts with its algorithm.
  if (isAlgorithm(der, inner)) {
    return 'certificate revocation list'
  }
  // Version or serial number first: an algorithm follows in CRLs and v1 certificates, a name in requests.
  const second = contentEnd(der, inner)
  if (der[inner] === INTEGER && isAlgorithm(der, second)) {
    // After the issuer a certificate has its validity, a SEQUENCE, and a CRL a time.
    const fourth = contentEnd(der, contentEnd(der, second))
    return der[fourth] === SEQUENCE ? 'certificate' : 'certificate revocation list'
  }
  return undefined
}

function isAlgorithm(der: Uint8Array, position: number): boolean {
  return der[position] === SEQUENCE && der[contentStart(der, position)] === OBJECT_IDENTIFIER
}

function isPkcs7Type(der: Uint8Array, position: number): boolean {
  const start = contentStart(der, position)
  return der[position] === OBJECT_IDENTIFIER && pkcs7Arc.every((octet, index) => der[start + index] === octet)
}

function contentStart(der: Uint8Array, position: number): number {
  const length = der[position + 1] ?? 0
  return position + 2 + (length > 0x80 ? length & 0x7f : 0)
}

function contentEnd(der: Uint8Array, position: number): number {
  const start = contentStart(der, position)
  let length = der[position + 1] ?? 0
  if (length > 0x80) {
    length = 0
    for (let index = position + 2; index < start; index += 1) {
      length = length * 256 + (der[index] ?? 0)
    }
  }
  return start + length
}
