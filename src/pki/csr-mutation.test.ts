import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  buildCertificationRequest,
  parseCertificationRequest,
  readCertificationRequest,
  verifyCertificationRequest,
} from './csr.ts'
import { DerError } from './der/errors.ts'
import { DerReader } from './der/reader.ts'
import { CONSTRUCTED } from './der/tags.ts'
import { tlv } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { encodeName } from './names.ts'
import { oids } from './oids.ts'
import '../../test/support/seed.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const good = await buildCertificationRequest(
  {
    subjectDer: encodeName([
      { type: oids.countryName, value: 'DE' },
      { type: oids.commonName, value: 'example.org' },
    ]),
    spkiDer: publicKey.export({ format: 'der', type: 'spki' }),
    sans: [
      { type: 'dns', value: 'example.org' },
      { type: 'ip', bytes: Uint8Array.of(192, 0, 2, 1) },
      { type: 'email', value: 'a@example.org' },
    ],
    algorithm: 'ecdsa-sha256',
  },
  (infoDer) => sign('sha256', infoDer, privateKey),
)

/** True or false by the key proof, undefined when a typed error refused the request. */
function outcomeOf(bytes: Uint8Array): boolean | undefined {
  try {
    return verifyCertificationRequest(parseCertificationRequest(readCertificationRequest(bytes), 'keep'))
  } catch (error) {
    assert.ok(error instanceof PkiError || error instanceof DerError, String(error))
    return undefined
  }
}

/** One change to the element at a place in the tree; lengths around it stay right, so parsing goes deep. */
interface Change {
  readonly place: number
  readonly kind: 'drop' | 'double' | 'retag' | 'replace'
  readonly tag: number
  readonly contents: Uint8Array
}

function changed(der: Uint8Array, change: Change): Uint8Array {
  let place = change.place
  const rewrite = (element: Uint8Array): Uint8Array[] => {
    place -= 1
    const reader = DerReader.of(element)
    const tag = reader.peekTag()
    if (place === -1) {
      switch (change.kind) {
        case 'drop':
          return []
        case 'double':
          return [element, element]
        case 'retag':
          return [tlv(change.tag, reader.element())]
        case 'replace':
          return [tlv(tag, change.contents)]
      }
    }
    if ((tag & CONSTRUCTED) === 0) {
      return [element]
    }
    const children = reader.constructed(tag)
    const parts: Uint8Array[] = []
    while (!children.atEnd) {
      parts.push(...rewrite(children.raw()))
    }
    return [tlv(tag, ...parts)]
  }
  return Buffer.concat(rewrite(der))
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(45),
  kind: fc.constantFrom('drop', 'double', 'retag', 'replace'),
  tag: fc.constantFrom(1, 2, 3, 4, 5, 6, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0xa0, 0xa1),
  contents: fc.uint8Array({ maxLength: 80 }),
})

test('the request that is mutated below is good', () => {
  assert.equal(outcomeOf(good), true)
})

test('a request with changed elements is refused by a typed error or fails its key proof', () => {
  fc.assert(
    fc.property(change, (single) => {
      const bytes = changed(good, single)
      if (Buffer.compare(bytes, good) !== 0) {
        assert.notEqual(outcomeOf(bytes), true)
      }
    }),
    { numRuns: 3_000 },
  )
})

test('a request with changed octets is refused by a typed error or fails its key proof', () => {
  const octets = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(octets, (changes) => {
      const bytes = Uint8Array.from(good)
      for (const [index, mask] of changes) {
        bytes[index] = (bytes[index] ?? 0) ^ mask
      }
      if (Buffer.compare(bytes, good) !== 0) {
        assert.notEqual(outcomeOf(bytes), true)
      }
    }),
    { numRuns: 3_000 },
  )
})

test('arbitrary text and octets are refused by a typed error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.uint8Array()), (input) => {
      assert.throws(
        () => parseCertificationRequest(readCertificationRequest(input)),
        (error) => error instanceof PkiError || error instanceof DerError,
      )
    }),
    { numRuns: 3_000 },
  )
})
