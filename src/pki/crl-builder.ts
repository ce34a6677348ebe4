import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { checkSerialNumber, placeBytes, placeInteger, placeTime, timeSize } from './der/placement.ts'
import { SEQUENCE } from './der/tags.ts'
import { concat, explicit, headerLength, integer, time, writeHeader } from './der/writer.ts'
import { type CrlReason, encodeInvalidityDate, encodeReasonCode } from './extensions/crl-entry.ts'
import { encodeCrlNumber } from './extensions/crl-number.ts'
import { encodeExtensions } from './extensions/extension.ts'
import { type CrlScope, encodeIssuingDistributionPoint } from './extensions/issuing-distribution-point.ts'
import { encodeAuthorityKeyIdentifier } from './extensions/key-identifiers.ts'
import { assembleSigned } from './signed-object.ts'

/** One entry of revokedCertificates, RFC 5280 section 5.1.2.6. Times are milliseconds since 1970, UTC. */
export interface RevokedCertificate {
  /** Contents octets of the INTEGER: positive, fewest octets, at most 20. */
  readonly serialNumber: Uint8Array
  readonly revocationDate: number
  /** 0 and absence are the same and write no extension (R9). 8 belongs to delta CRLs and is refused. */
  readonly reasonCode?: CrlReason
  readonly invalidityDate?: number
}

export interface TbsCertListOptions {
  /** The issuer's subject name, copied byte for byte. */
  readonly issuerDer: Uint8Array
  readonly signatureAlgorithm: SignatureAlgorithm
  /** Milliseconds since 1970, UTC. */
  readonly thisUpdate: number
  readonly nextUpdate: number
  readonly crlNumber: number | bigint
  /** Octets of the issuer's subjectKeyIdentifier. */
  readonly authorityKeyIdentifier: Uint8Array
  /** Set for a CRL that does not cover all of its issuer's certificates. */
  readonly issuingDistributionPoint?: CrlScope
}

/** Entries between two yields of `buildTbsCertList`: a few milliseconds of work. */
const entriesPerStep = 10_000

/**
 * Encodes the tbsCertList, RFC 5280 section 5.1.2, version 2, and returns its DER. Yields the number of entries
 * done so far every 10,000 of them, so that the caller can give others their turn between the steps. Takes the
 * entries in any order and writes them in that order; each is encoded when it comes, so that a lazy source keeps the
 * peak at twice the size of the list. An empty source leaves revokedCertificates out (R15).
 *
 * @throws RangeError for values that have no encoding: serial numbers, times, nextUpdate not after thisUpdate.
 */
export function* buildTbsCertList(
  options: TbsCertListOptions,
  entries: Iterable<RevokedCertificate>,
): Generator<number, Uint8Array> {
  const builder = new TbsCertListBuilder(options)
  for (const entry of entries) {
    builder.add(entry)
    if (builder.entryCount % entriesPerStep === 0) {
      yield builder.entryCount
    }
  }
  return builder.finish()
}

/** DER of the CertificateList. `signature` holds the octets of the BIT STRING. */
export function assembleCrl(
  tbsCertListDer: Uint8Array,
  signatureAlgorithm: SignatureAlgorithm,
  signature: Uint8Array,
): Uint8Array {
  return assembleSigned(tbsCertListDer, signatureAlgorithm, signature)
}

const smallestChunk = 4_096
const largestChunk = 1_048_576
/** An entry has at most 81 octets: header 2, serial number 22, date 17, extensions 40. */
const longestEntry = 96

/** Collects entries for callers whose source is asynchronous; `buildTbsCertList` says what becomes of them. */
export class TbsCertListBuilder {
  readonly #head: Uint8Array
  readonly #extensions: Uint8Array
  /** Filled chunks; the one being filled is not among them. */
  #full: Uint8Array[] = []
  #chunk = new Uint8Array(smallestChunk)
  #position = 0
  #entriesLength = 0
  #entryCount = 0

  constructor(options: TbsCertListOptions) {
    const { thisUpdate, nextUpdate, issuingDistributionPoint: scope } = options
    if (!(nextUpdate > thisUpdate)) {
      throw new RangeError('nextUpdate does not lie after thisUpdate')
    }
    this.#head = concat(
      // Section 5.1.2.1: version v2 is 1.
      integer(1),
      signatureAlgorithms[options.signatureAlgorithm].identifierDer,
      options.issuerDer,
      time(thisUpdate),
      time(nextUpdate),
    )
    const extensions = [
      encodeAuthorityKeyIdentifier(options.authorityKeyIdentifier),
      encodeCrlNumber(options.crlNumber),
    ]
    if (scope !== undefined) {
      extensions.push(encodeIssuingDistributionPoint(scope))
    }
    this.#extensions = explicit(0, encodeExtensions(extensions))
  }

  get entryCount(): number {
    return this.#entryCount
  }

  add(entry: RevokedCertificate): void {
    if (this.#chunk.length - this.#position < longestEntry) {
      this.#startChunk()
    }
    this.#position = placeEntry(this.#chunk, this.#position, entry)
    this.#entryCount += 1
  }

  /** DER of the tbsCertList. The builder lets go of its chunks while it copies them and is empty afterwards. */
  finish(): Uint8Array {
    this.#startChunk()
    const chunks = this.#full
    this.#full = []
    const entriesLength = this.#entriesLength
    const listLength = entriesLength === 0 ? 0 : headerLength(entriesLength) + entriesLength
    const length = this.#head.length + listLength + this.#extensions.length
    const output = new Uint8Array(headerLength(length) + length)
    let position = writeHeader(output, 0, SEQUENCE, length)
    position = placeBytes(output, position, this.#head)
    if (entriesLength > 0) {
      position = writeHeader(output, position, SEQUENCE, entriesLength)
      for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
        position = placeBytes(output, position, chunk)
      }
    }
    output.set(this.#extensions, position)
    this.#entriesLength = 0
    this.#entryCount = 0
    return output
  }

  #startChunk(): void {
    this.#full.push(this.#chunk.subarray(0, this.#position))
    this.#entriesLength += this.#position
    this.#chunk = new Uint8Array(Math.min(this.#chunk.length * 2, largestChunk))
    this.#position = 0
  }
}

/** Section 5.3.1: removeFromCRL (8) is for delta CRLs only, unspecified (0) is not written. */
const writtenReasons: readonly CrlReason[] = [1, 2, 3, 4, 5, 6, 9, 10]

/** crlEntryExtensions that hold a reason alone. */
const reasonExtensions: ReadonlyMap<number, Uint8Array> = new Map(
  writtenReasons.map((reason) => [reason, encodeExtensions([encodeReasonCode(reason)])]),
)

function placeEntry(output: Uint8Array, start: number, entry: RevokedCertificate): number {
  const { serialNumber, revocationDate } = entry
  checkSerialNumber(serialNumber)
  const extensions = entryExtensions(entry)
  const length = 2 + serialNumber.length + timeSize(revocationDate) + (extensions?.length ?? 0)
  let position = writeHeader(output, start, SEQUENCE, length)
  position = placeInteger(output, position, serialNumber)
  position = placeTime(output, position, revocationDate)
  return extensions === undefined ? position : placeBytes(output, position, extensions)
}

/** crlEntryExtensions, undefined when there are none. */
function entryExtensions(entry: RevokedCertificate): Uint8Array | undefined {
  const { reasonCode = 0, invalidityDate } = entry
  const reasonAlone = reasonExtensions.get(reasonCode)
  if (reasonCode !== 0 && reasonAlone === undefined) {
    throw new RangeError('not a reason that a complete CRL can state')
  }
  if (invalidityDate === undefined) {
    return reasonAlone
  }
  const extensions = [encodeInvalidityDate(invalidityDate)]
  if (reasonCode !== 0) {
    extensions.unshift(encodeReasonCode(reasonCode))
  }
  return encodeExtensions(extensions)
}
