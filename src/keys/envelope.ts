import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Random } from '../core/environment.ts'
import { type SealContext, SealError } from '../core/keys/sealer.ts'
import { decrypt, encryptInto, nonceLength, tagLength } from './aes-gcm.ts'

/**
 * The form in which every secret is stored, version 1:
 *
 *     offset length
 *          0      1  version, 1
 *          1      1  wrapping: 1 by the master key, 2 by a key that the caller holds
 *          2     16  id of the wrapping key
 *         18     12  nonce of the wrap
 *         30     32  data key, encrypted
 *         62     16  tag of the wrap
 *         78     12  nonce of the secret
 *         90      n  secret, encrypted; n is at most 65,536
 *       90+n     16  tag of the secret
 *
 * Each secret has a random 256-bit data key of its own, so its nonce never meets another one under that key.
 * The data key is wrapped with AES-256-GCM too, not with AES key wrap: GCM takes associated data, which binds
 * the wrapped key to its owner and purpose, and its limit of 2^32 random nonces for one key (NIST SP 800-38D
 * section 8.3) is far above the number of secrets that one wrapping key ever sees.
 *
 * Both layers authenticate the context; the wrap authenticates the header too. The secret's layer leaves the
 * wrapping key out, so that a new master key rewraps 60 octets and never touches the secret.
 */
const version = 1
const wrappings = { master: 1, given: 2 } as const
const keyIdOffset = 2
const keyIdLength = 16
const headerLength = keyIdOffset + keyIdLength
const dataKeyLength = 32
const wrapOffset = headerLength
const wrapLength = nonceLength + dataKeyLength + tagLength
const secretOffset = wrapOffset + wrapLength
const overhead = secretOffset + nonceLength + tagLength
const maximumSecretLength = 65_536

export type Wrapping = keyof typeof wrappings

/** A 256-bit key that wraps data keys, with the id that envelopes name it by. */
export interface WrappingKey {
  readonly wrapping: Wrapping
  /** 16 octets. */
  readonly id: Uint8Array
  readonly key: KeyObject
}

/** Takes 32 octets in; the caller may zero them afterwards. @throws RangeError on any other length */
export function wrappingKey(wrapping: Wrapping, bytes: Uint8Array): WrappingKey {
  if (bytes.length !== dataKeyLength) throw new RangeError('a wrapping key has 32 octets')
  const key = createSecretKey(bytes)
  // A one-way value: an id in a stolen database tells nothing about a random key.
  const id = createHmac('sha256', key).update('chancery wrapping key id').digest().subarray(0, keyIdLength)
  return { wrapping, id, key }
}

/** Seals a secret of at most 64 KiB. @throws RangeError when it is longer */
export function sealEnvelope(
  wrapper: WrappingKey,
  secret: Uint8Array,
  context: SealContext,
  random: Random,
): Uint8Array {
  if (secret.length > maximumSecretLength) throw new RangeError('a sealed secret has at most 64 KiB')
  const envelope = Buffer.allocUnsafe(overhead + secret.length)
  const binding = encodeContext(context)
  const dataKey = random.bytes(dataKeyLength)
  try {
    writeHeader(envelope, wrapper)
    writeWrap(envelope, wrapper, dataKey, binding, random)
    encryptInto(envelope, secretOffset, dataKey, random.bytes(nonceLength), secret, secretData(binding))
  } finally {
    dataKey.fill(0)
  }
  return envelope
}

/**
 * Opens an envelope.
 * @throws SealError when it is malformed, bound to another context, wrapped by another key, or changed
 */
export function openEnvelope(wrapper: WrappingKey, envelope: Uint8Array, context: SealContext): Uint8Array {
  const binding = encodeContext(context)
  const dataKey = unwrap(wrapper, envelope, binding)
  try {
    return decrypt(dataKey, envelope.subarray(secretOffset), secretData(binding))
  } finally {
    dataKey.fill(0)
  }
}

/** The same secret, its data key wrapped by `next`; the secret itself is opened once to prove that it can be. */
export function rewrapEnvelope(
  current: WrappingKey,
  next: WrappingKey,
  envelope: Uint8Array,
  context: SealContext,
  random: Random,
): Uint8Array {
  const binding = encodeContext(context)
  const dataKey = unwrap(current, envelope, binding)
  try {
    decrypt(dataKey, envelope.subarray(secretOffset), secretData(binding)).fill(0)
    const rewrapped = Buffer.from(envelope)
    writeHeader(rewrapped, next)
    writeWrap(rewrapped, next, dataKey, binding, random)
    return rewrapped
  } finally {
    dataKey.fill(0)
  }
}

/** Id of the key that wraps an envelope, in hex. @throws SealError when the envelope is malformed */
export function wrappingKeyIdOf(envelope: Uint8Array): string {
  checkForm(envelope)
  return keyIdText(envelope.subarray(keyIdOffset, headerLength))
}

/** 32 lower-case hex digits. */
export function keyIdText(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex')
}

function checkForm(envelope: Uint8Array): void {
  if (envelope.length < overhead) throw new SealError('envelope is truncated')
  if (envelope.length > overhead + maximumSecretLength) throw new SealError('envelope is too long')
  if (envelope[0] !== version) throw new SealError(`envelope has version ${envelope[0]}, not ${version}`)
  if (envelope[1] !== wrappings.master && envelope[1] !== wrappings.given) {
    throw new SealError('envelope has an unknown wrapping')
  }
}

function writeHeader(envelope: Uint8Array, wrapper: WrappingKey): void {
  envelope[0] = version
  envelope[1] = wrappings[wrapper.wrapping]
  envelope.set(wrapper.id, keyIdOffset)
}

function writeWrap(
  envelope: Uint8Array,
  wrapper: WrappingKey,
  dataKey: Uint8Array,
  binding: Uint8Array,
  random: Random,
): void {
  const associated = wrapData(envelope, binding)
  encryptInto(envelope, wrapOffset, wrapper.key, random.bytes(nonceLength), dataKey, associated)
}

function unwrap(wrapper: WrappingKey, envelope: Uint8Array, binding: Uint8Array): Uint8Array {
  checkForm(envelope)
  if (envelope[1] !== wrappings[wrapper.wrapping]) throw new SealError('envelope is wrapped in the other way')
  const id = envelope.subarray(keyIdOffset, headerLength)
  // Ids are public: which key an envelope names is no secret.
  if (Buffer.compare(id, wrapper.id) !== 0) throw new SealError('envelope is wrapped by another key')
  return decrypt(wrapper.key, envelope.subarray(wrapOffset, secretOffset), wrapData(envelope, binding))
}

/** The lengths before the texts keep two contexts from meeting in one encoding. */
function encodeContext(context: SealContext): Buffer {
  const subjectLength = Buffer.byteLength(context.subject)
  const purposeLength = Buffer.byteLength(context.purpose)
  const bytes = Buffer.allocUnsafe(8 + subjectLength + purposeLength)
  bytes.writeUInt32BE(subjectLength, 0)
  bytes.write(context.subject, 4)
  bytes.writeUInt32BE(purposeLength, 4 + subjectLength)
  bytes.write(context.purpose, 8 + subjectLength)
  return bytes
}

const secretLabel = Buffer.from(`chancery envelope ${version} secret\0`)
const wrapLabel = Buffer.from(`chancery envelope ${version} wrap\0`)

function secretData(binding: Uint8Array): Buffer {
  return Buffer.concat([secretLabel, binding])
}

function wrapData(envelope: Uint8Array, binding: Uint8Array): Buffer {
  return Buffer.concat([wrapLabel, envelope.subarray(0, headerLength), binding])
}
