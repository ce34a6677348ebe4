import { createHmac, timingSafeEqual } from 'node:crypto'
import { Fault } from '../../core/faults.ts'
import { decodeFields, type FormFields, hexDigit, type RawPair, splitPairs } from './form.ts'

/** A request body: what was signed, what it says, and the signature it claims. */
export interface SignedForm {
  /** The body without its `digest` pair: the message of the HMAC, byte for byte as received. */
  readonly signed: Uint8Array
  /** Parameters decoded from the pairs of `signed`, so what is verified is what is used. */
  readonly fields: FormFields
  /** 32 octets, or null when `digest` is absent, stands twice, or is not 64 hex digits. */
  readonly digest: Uint8Array | null
}

const digestName = Buffer.from('digest')
const digestOctets = 32

/**
 * Takes a body apart. The `digest` pair is cut out of the bytes with one neighbouring `&` and nothing is
 * rebuilt, because clients encode and sort differently and each signs what it sends. The pair may stand
 * anywhere; hex case is ignored.
 *
 * @throws Fault parameter_invalid as {@link splitPairs} and {@link decodeFields}
 */
export function readSignedForm(body: Uint8Array): SignedForm {
  const parameters: RawPair[] = []
  const digests: RawPair[] = []
  for (const pair of splitPairs(body)) {
    const isDigest = isDigestName(body.subarray(pair.start, pair.equals))
    ;(isDigest ? digests : parameters).push(pair)
  }
  const [pair] = digests
  return {
    signed: pair === undefined ? body : cut(body, pair),
    fields: decodeFields(body, parameters),
    digest:
      pair === undefined || digests.length > 1 ? null : hexDigest(body.subarray(pair.equals + 1, pair.end)),
  }
}

/**
 * Checks HMAC-SHA-256 over the signed bytes in constant time.
 *
 * @param apiKey UTF-8 octets of the account's TinyCert API key
 */
export function isSignedBy(form: SignedForm, apiKey: Uint8Array): boolean {
  if (form.digest === null) return false
  const expected = createHmac('sha256', apiKey).update(form.signed).digest()
  return timingSafeEqual(expected, form.digest)
}

/** @throws Fault signature_missing unless there is one well-formed digest */
export function requireDigest(form: SignedForm): void {
  if (form.digest === null) throw new Fault('signature_missing', {})
}

/**
 * However its letters are escaped: `d%69gest` next to `digest` would otherwise be an unsigned second one.
 */
function isDigestName(written: Uint8Array): boolean {
  if (digestName.equals(written)) return true
  // Longest spelling: every letter percent-encoded.
  if (written.length > 3 * digestName.length || !written.includes(0x25)) return false
  let at = 0
  for (const letter of digestName) {
    if (written[at] === letter) {
      at += 1
    } else if (
      written[at] === 0x25 &&
      hexDigit(written[at + 1]) * 16 + hexDigit(written[at + 2]) === letter
    ) {
      at += 3
    } else {
      return false
    }
  }
  return at === written.length
}

function cut(body: Uint8Array, pair: RawPair): Uint8Array {
  // The `&` before it, or the one after it when it comes first.
  const from = pair.start > 0 ? pair.start - 1 : 0
  const to = pair.start > 0 ? pair.end : Math.min(pair.end + 1, body.length)
  if (to === body.length) return body.subarray(0, from)
  return Buffer.concat([body.subarray(0, from), body.subarray(to)])
}

function hexDigest(digits: Uint8Array): Uint8Array | null {
  if (digits.length !== 2 * digestOctets) return null
  const digest = new Uint8Array(digestOctets)
  for (let at = 0; at < digestOctets; at++) {
    const high = hexDigit(digits[2 * at])
    const low = hexDigit(digits[2 * at + 1])
    if (high === -1 || low === -1) return null
    digest[at] = (high << 4) | low
  }
  return digest
}
