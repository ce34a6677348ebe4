import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { SealError } from '../core/keys/sealer.ts'
import {
  keyIdText,
  openEnvelope,
  rewrapEnvelope,
  sealEnvelope,
  wrappingKey,
  wrappingKeyIdOf,
} from './envelope.ts'
import '../../test/support/seed.ts'

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
const context = { subject: 'account/7', purpose: 'vault-key' }
const master = wrappingKey('master', randomBytes(32))
const secret = Buffer.from('a secret of some length')
const sealed = sealEnvelope(master, secret, context, random)

test('a sealed secret of any length up to 64 KiB opens under its key and context', () => {
  const lengths = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(new Uint8Array(65_536)))
  fc.assert(
    fc.property(lengths, fc.string(), fc.string(), (plaintext, subject, purpose) => {
      const bound = { subject, purpose }
      const opened = openEnvelope(master, sealEnvelope(master, plaintext, bound, random), bound)
      assert.deepEqual(Buffer.from(opened), Buffer.from(plaintext))
    }),
  )
})

test('a secret of 64 KiB and one octet is not sealed', () => {
  assert.throws(() => sealEnvelope(master, new Uint8Array(65_537), context, random), RangeError)
})

test('an envelope does not open under any other context, also where the joined texts agree', () => {
  const contexts = [
    { subject: 'account/8', purpose: 'vault-key' },
    { subject: 'account/7', purpose: 'tinycert-key' },
    { subject: 'account/7vault', purpose: '-key' },
    { subject: 'account/', purpose: '7vault-key' },
    { subject: 'vault-key', purpose: 'account/7' },
    { subject: '', purpose: 'account/7vault-key' },
  ]
  for (const other of contexts) assert.throws(() => openEnvelope(master, sealed, other), SealError)
})

test('an envelope with any one bit changed does not open', () => {
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    assert.throws(() => openEnvelope(master, changed, context), SealError, `bit ${bit}`)
  }
})

test('an envelope cut at any place, or longer by one octet, does not open', () => {
  for (let length = 0; length < sealed.length; length++) {
    assert.throws(
      () => openEnvelope(master, sealed.subarray(0, length), context),
      SealError,
      `length ${length}`,
    )
  }
  assert.throws(() => openEnvelope(master, Buffer.concat([sealed, Buffer.alloc(1)]), context), SealError)
})

test('the limit of an envelope is checked before anything is decrypted', () => {
  const longest = Buffer.concat([sealed.subarray(0, 106), Buffer.alloc(65_536)])
  assert.throws(() => openEnvelope(master, longest, context), /does not open/)
  assert.throws(() => openEnvelope(master, Buffer.concat([longest, Buffer.alloc(1)]), context), /too long/)
})

test('another version, an unknown wrapping and another wrapping key are told apart', () => {
  const changed = (offset: number, value: number) => {
    const copy = Buffer.from(sealed)
    copy[offset] = value
    return () => openEnvelope(master, copy, context)
  }
  assert.throws(changed(0, 2), /version 2/)
  assert.throws(changed(1, 0), /unknown wrapping/)
  assert.throws(changed(1, 3), /unknown wrapping/)
  assert.throws(changed(1, 2), /other way/)
  const other = wrappingKey('master', randomBytes(32))
  assert.throws(() => openEnvelope(other, sealed, context), /another key/)
})

test('an envelope of the master key does not open as one of a given key with the same octets', () => {
  const bytes = randomBytes(32)
  const envelope = sealEnvelope(wrappingKey('master', bytes), secret, context, random)
  assert.throws(() => openEnvelope(wrappingKey('given', bytes), envelope, context), /other way/)
})

test('two envelopes of one secret share neither nonces, nor data keys, nor ciphertext', () => {
  const other = sealEnvelope(master, secret, context, random)
  for (const [start, end] of [
    [18, 30],
    [30, 62],
    [78, 90],
    [90, other.length],
  ] as const) {
    assert.notDeepEqual(Buffer.from(other.subarray(start, end)), Buffer.from(sealed.subarray(start, end)))
  }
})

test('a rewrapped envelope opens under the next key only, and its secret part is unchanged', () => {
  const next = wrappingKey('master', randomBytes(32))
  const rewrapped = rewrapEnvelope(master, next, sealed, context, random)
  assert.deepEqual(Buffer.from(openEnvelope(next, rewrapped, context)), secret)
  assert.throws(() => openEnvelope(master, rewrapped, context), /another key/)
  assert.throws(() => openEnvelope(next, sealed, context), /another key/)
  assert.deepEqual(Buffer.from(rewrapped.subarray(78)), Buffer.from(sealed.subarray(78)))
  assert.equal(wrappingKeyIdOf(rewrapped), keyIdText(next.id))
})

test('an envelope that does not open is not rewrapped', () => {
  const next = wrappingKey('master', randomBytes(32))
  const changed = Buffer.from(sealed)
  changed[100] = (changed[100] ?? 0) ^ 1
  assert.throws(() => rewrapEnvelope(master, next, changed, context, random), SealError)
  const other = { ...context, subject: 'account/8' }
  assert.throws(() => rewrapEnvelope(master, next, sealed, other, random), SealError)
})

test('a wrapping key has 32 octets', () => {
  for (const length of [0, 16, 31, 33]) {
    assert.throws(() => wrappingKey('given', new Uint8Array(length)), RangeError)
  }
})
