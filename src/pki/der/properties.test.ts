import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkDer } from './check.ts'
import { DerError } from './errors.ts'
import { DerReader } from './reader.ts'
import * as tags from './tags.ts'
import * as writer from './writer.ts'
import '../../../test/support/seed.ts'

const latestTime = Date.UTC(9999, 11, 31, 23, 59, 59)

const dottedOid = fc
  .tuple(
    fc.constantFrom(0, 1, 2),
    fc.nat(39),
    fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n }), { maxLength: 5 }),
  )
  .map(([root, second, arcs]) => [root, second, ...arcs].join('.'))

const leaf = fc.oneof(
  fc.boolean().map(writer.boolean),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }).map(writer.integer),
  fc.uint8Array({ maxLength: 300 }).map(writer.octetString),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => writer.bitString(bytes)),
  fc.uniqueArray(fc.nat(20), { maxLength: 8 }).map(writer.namedBits),
  fc.constant(writer.nullValue()),
  dottedOid.map(writer.oid),
  fc.string({ unit: 'binary' }).map(writer.utf8String),
  fc.integer({ min: 0, max: latestTime }).map(writer.time),
)

const { element } = fc.letrec<{ element: Uint8Array }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaf,
    fc.array(tie('element'), { maxLength: 5 }).map((parts) => writer.sequence(...parts)),
    fc.array(tie('element'), { maxLength: 5 }).map((parts) => writer.set(...parts)),
    fc.tuple(fc.nat(10), tie('element')).map(([number, part]) => writer.explicit(number, part)),
    fc
      .tuple(fc.nat(10), fc.uint8Array({ maxLength: 20 }))
      .map(([number, bytes]) => writer.implicit(number, bytes)),
  ),
}))

/** Writes an element again from what the reader says about it. */
function rewrite(der: Uint8Array): Uint8Array {
  const reader = DerReader.of(der)
  const tag = reader.peekTag()
  if ((tag & tags.CONSTRUCTED) !== 0) {
    const children = reader.constructed(tag)
    const parts: Uint8Array[] = []
    while (!children.atEnd) {
      parts.push(rewrite(children.raw()))
    }
    return writer.tlv(tag, ...parts)
  }
  switch (tag) {
    case tags.BOOLEAN:
      return writer.boolean(reader.boolean())
    case tags.OBJECT_IDENTIFIER:
      return writer.oid(reader.oid())
    case tags.UTC_TIME:
    case tags.GENERALIZED_TIME:
      return writer.time(reader.time())
    case tags.BIT_STRING: {
      const { unusedBits, bytes } = reader.bitString()
      return writer.bitString(bytes, unusedBits)
    }
    default:
      return writer.tlv(tag, reader.element())
  }
}

/** Octets of `der` after some changes that keep most of its structure. */
const mutated = fc
  .tuple(
    element,
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('replace', 'insert', 'remove')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([der, changes]) => {
    const bytes = Array.from(der)
    for (const [position, value, change] of changes) {
      const index = position % (bytes.length + 1)
      bytes.splice(index, change === 'insert' ? 0 : 1, ...(change === 'remove' ? [] : [value]))
    }
    return Uint8Array.from(bytes)
  })

function derErrorOf(action: () => void): DerError | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof DerError) {
      return error
    }
    throw error
  }
}

test('whatever the writer writes passes the walk and reads back to the same octets', () => {
  fc.assert(
    fc.property(element, (der) => {
      checkDer(der)
      assert.deepEqual(rewrite(der), der)
    }),
    { numRuns: 2_000 },
  )
})

test('a changed encoding passes the walk or raises DerError with an offset inside the input', () => {
  fc.assert(
    fc.property(mutated, (bytes) => {
      const error = derErrorOf(() => checkDer(bytes))
      if (error === undefined) {
        assert.deepEqual(rewrite(bytes), bytes)
      } else {
        assert.ok(error.offset >= 0 && error.offset <= bytes.length)
      }
    }),
    { numRuns: 5_000 },
  )
})

test('arbitrary octets pass the walk or raise DerError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      derErrorOf(() => checkDer(bytes))
    }),
    { numRuns: 5_000 },
  )
})

test('every reader method raises DerError or nothing on arbitrary octets', () => {
  const methods: readonly ((reader: DerReader) => unknown)[] = [
    (reader) => reader.element(),
    (reader) => reader.raw(),
    (reader) => reader.sequence(),
    (reader) => reader.set(),
    (reader) => reader.explicit(0),
    (reader) => reader.implicit(0),
    (reader) => reader.boolean(),
    (reader) => reader.integer(),
    (reader) => reader.smallInteger(),
    (reader) => reader.enumerated(),
    (reader) => reader.oid(),
    (reader) => reader.null(),
    (reader) => reader.octetString(),
    (reader) => reader.bitString(),
    (reader) => reader.namedBits(),
    (reader) => reader.time(),
    (reader) => reader.generalizedTime(),
    (reader) => reader.end(),
  ]
  const tagged = fc
    .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 0x17, 0x18, 0x30, 0x31, 0x80, 0xa0), fc.uint8Array())
    .map(([tag, contents]) => writer.tlv(tag, contents))
  fc.assert(
    fc.property(fc.oneof(tagged, fc.uint8Array()), (bytes) => {
      for (const method of methods) {
        derErrorOf(() => method(DerReader.of(bytes)))
      }
    }),
    { numRuns: 2_000 },
  )
})
