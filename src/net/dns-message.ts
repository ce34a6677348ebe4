import {
  type Answer,
  type DecodedPacket,
  DNSSEC_OK,
  decode,
  encode,
  type OptAnswer,
  RECURSION_DESIRED,
} from 'dns-packet'
import type { CaaRecord, DnsData, DnsType } from '../core/validation/outbound.ts'
import { parseIpAddress } from '../pki/ip-addresses.ts'

/** Largest answer by UDP that is asked for: never split on its way (RFC 9715 section 3.1). */
const udpPayloadBytes = 1232

/** RCODE of RFC 1035 section 4.1.1. */
export const nameError = 3

export interface DnsQuestion {
  /** Lower case, no final dot. */
  readonly name: string
  readonly type: DnsType
}

/** An answer section's record, of a type that the core asks for. */
export interface DnsRecord<Type extends DnsType> {
  readonly owner: string
  readonly ttlSeconds: number
  readonly data: DnsData[Type]
}

/** A response that belongs to a query, taken apart. */
export interface DnsResponse {
  readonly rcode: number
  readonly isTruncated: boolean
  readonly isAuthenticated: boolean
  /** The resolver gives failed DNSSEC validation as its reason (RFC 8914 section 4). */
  readonly saysBogus: boolean
  /** What a negative answer may be kept for; undefined where no SOA record tells (RFC 2308 section 5). */
  readonly negativeTtlSeconds: number | undefined
  readonly answers: readonly Answer[]
}

/** Whether the name fits into a query: labels of 1 to 63 visible ASCII characters, 253 in all. */
export function canBeAsked(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^[!-~]{1,63}$/.test(label))
}

/** A recursive query with EDNS(0) and DNSSEC OK (RFC 6891, RFC 3225). */
export function encodeQuery(id: number, { name, type }: DnsQuestion): Buffer {
  const options: OptAnswer = {
    ...{ type: 'OPT', name: '.', udpPayloadSize: udpPayloadBytes, flags: DNSSEC_OK, flag_do: true },
    ...{ extendedRcode: 0, ednsVersion: 0, options: [] },
  }
  return encode({
    ...{ type: 'query', id, flags: RECURSION_DESIRED },
    questions: [{ type, name }],
    additionals: [options],
  })
}

/**
 * Takes a message apart.
 *
 * @returns undefined where the message answers another query
 * @throws Error where it cannot be read
 */
export function readResponse(message: Buffer, id: number, question: DnsQuestion): DnsResponse | undefined {
  if (message.length < 12 || message.readUInt16BE(0) !== id) return undefined
  const packet = decode(message)
  // The library reads past the end without a word where record data is cut off.
  if (decode.bytes > message.length) throw new RangeError('a message that ends early')
  if (!answers(packet, question)) return undefined
  const options = packet.additionals?.find((record) => record.type === 'OPT')
  return {
    rcode: ((packet.flags ?? 0) & 0x0f) | ((options?.extendedRcode ?? 0) << 4),
    isTruncated: packet.flag_tc,
    isAuthenticated: packet.flag_ad,
    saysBogus: options !== undefined && tellsBogus(options),
    negativeTtlSeconds: negativeTtl(packet),
    answers: packet.answers ?? [],
  }
}

function answers(packet: DecodedPacket, { name, type }: DnsQuestion): boolean {
  const [asked, ...more] = packet.questions ?? []
  return (
    packet.flag_qr &&
    asked !== undefined &&
    more.length === 0 &&
    asked.type === type &&
    (asked.class ?? 'IN') === 'IN' &&
    asked.name.toLowerCase() === name
  )
}

/** INFO-CODE of RFC 8914 section 4: 1 to 12 without 3 and 4 are all reports of validation that failed. */
const bogusInfoCodes: ReadonlySet<number> = new Set([1, 2, 5, 6, 7, 8, 9, 10, 11, 12])
const extendedErrorOption = 15

function tellsBogus({ options }: OptAnswer): boolean {
  for (const option of options) {
    const code: number = option.code
    const { data } = option
    if (code !== extendedErrorOption || data === undefined || data.length < 2) continue
    if (bogusInfoCodes.has(data.readUInt16BE(0))) return true
  }
  return false
}

function negativeTtl({ authorities = [] }: DecodedPacket): number | undefined {
  const start = authorities.find((record) => record.type === 'SOA')
  return start === undefined ? undefined : Math.min(start.ttl ?? 0, start.data.minimum ?? 0)
}

const readers: { readonly [Type in DnsType]: (record: Answer) => DnsData[Type] | undefined } = {
  A: (record) => (record.type === 'A' ? parseIpAddress(record.data) : undefined),
  AAAA: (record) => (record.type === 'AAAA' ? parseIpAddress(record.data) : undefined),
  CNAME: (record) => (record.type === 'CNAME' ? record.data.toLowerCase() : undefined),
  TXT: (record) => (record.type === 'TXT' ? joined(record.data) : undefined),
  CAA: (record) => (record.type === 'CAA' ? property(record.data) : undefined),
}

function joined(data: string | Buffer | readonly (string | Buffer)[]): Uint8Array {
  const parts = typeof data === 'string' || Buffer.isBuffer(data) ? [data] : data
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}

function property(data: { readonly flags?: number | undefined; tag: string; value: string }): CaaRecord {
  // RFC 8659 section 4.1: a tag is letters and digits. Anything else was not published as a property.
  if (!/^[A-Za-z0-9]+$/.test(data.tag)) throw new RangeError('a CAA property without a sound tag')
  return { flags: data.flags ?? 0, tag: data.tag, value: data.value }
}

/**
 * The records of one type in an answer section.
 *
 * @throws RangeError where one cannot be read: then nobody knows what the set says
 */
export function recordsOf<Type extends DnsType>(
  type: Type,
  records: readonly Answer[],
): readonly DnsRecord<Type>[] {
  const found: DnsRecord<Type>[] = []
  for (const record of records) {
    if (record.type !== type || !('class' in record) || record.class !== 'IN') continue
    const data = readers[type](record)
    if (data === undefined) throw new RangeError(`a record that is no ${type}`)
    found.push({ owner: record.name.toLowerCase(), ttlSeconds: record.ttl ?? 0, data })
  }
  return found
}
