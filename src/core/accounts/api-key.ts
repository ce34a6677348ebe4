import { hash, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../brand.ts'
import { isDayOver } from '../days.ts'
import type { Random } from '../environment.ts'
import type { ApiKeyRecord } from './account.ts'

/** What an installation is from its first start, and what its API keys begin with. */
export type InstallationKind = 'production' | 'sandbox'

const marks: { readonly [Kind in InstallationKind]: string } = { production: '01', sandbox: '02' }
const publicDigits = 26
const secretOctets = 32
const textLength = publicDigits + 1 + 2 * secretOctets

/** The text of an API key, `<26 hex digits>_<64 hex digits>`, and what is stored of it. */
export interface ApiKeyText {
  readonly text: string
  /** The first part. */
  readonly publicId: string
  /** SHA-256 of the whole text. */
  readonly digest: Uint8Array
}

/** 96 random bits to find the key by and 256 to prove it. */
export function newApiKeyText(kind: InstallationKind, random: Random): ApiKeyText {
  const publicId = marks[kind] + hex(random.bytes((publicDigits - 2) / 2))
  const secret = random.bytes(secretOctets)
  const text = `${publicId}_${hex(secret)}`
  secret.fill(0)
  return apiKeyText(text)
}

/** Undefined when the text has not the form of a key; letters have to be lower-case. */
export function readApiKeyText(text: string): ApiKeyText | undefined {
  if (text.length !== textLength || text[publicDigits] !== '_') return undefined
  for (let index = 0; index < textLength; index++) {
    if (index !== publicDigits && !isLowerHex(text.charCodeAt(index))) return undefined
  }
  return apiKeyText(text)
}

/** Compares in constant time; no record takes as long as a record that differs. */
export function matchesApiKey(key: ApiKeyText, record: Pick<ApiKeyRecord, 'digest'> | undefined): boolean {
  const stored = record !== undefined && record.digest.length === key.digest.length ? record.digest : noDigest
  return timingSafeEqual(key.digest, stored) && stored !== noDigest
}

const noDigest = new Uint8Array(32)

/** Not revoked, and its last day (UTC, whole) not over. */
export function isApiKeyLive(record: ApiKeyRecord, now: Instant): boolean {
  if (record.revokedAt !== null) return false
  return !isDayOver(record.endDate, now)
}

/** Which kind of installation a key was made by, as its first two digits say; undefined for what is no key. */
export function kindOfApiKey(text: string): InstallationKind | undefined {
  if (readApiKeyText(text) === undefined) return undefined
  const kinds = Object.keys(marks) as InstallationKind[]
  return kinds.find((kind) => text.startsWith(marks[kind]))
}

function apiKeyText(text: string): ApiKeyText {
  return {
    text,
    publicId: text.slice(0, publicDigits),
    digest: hash('sha256', text, 'buffer'),
  }
}

function isLowerHex(character: number): boolean {
  return (character >= 0x30 && character <= 0x39) || (character >= 0x61 && character <= 0x66)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
