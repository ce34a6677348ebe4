import assert from 'node:assert/strict'
import test from 'node:test'
import { isFault } from '../faults.ts'
import { parseEmailAddress } from './email-address.ts'

const local = 'a'.repeat(64)
/** Labels of 62 characters at most, whatever the length. */
const host = (length: number) =>
  `${'b'.repeat(length - 5).replace(/b{62}b(?=b)/g, `${'b'.repeat(62)}.`)}.test`

test('an address is taken in lower case', () => {
  assert.equal(parseEmailAddress('Alice+CA@Example.TEST'), 'alice+ca@example.test')
  assert.equal(parseEmailAddress("o'neil.b@localhost"), "o'neil.b@localhost")
  assert.equal(parseEmailAddress(`a@${'b'.repeat(63)}.x--y.1`), `a@${'b'.repeat(63)}.x--y.1`)
  assert.equal(parseEmailAddress(`${local}@${host(254 - 65)}`).length, 254)
})

test('whatever could not stand in a certificate as rfc822Name is refused', () => {
  for (const wrong of [
    '',
    'alice',
    '@example.test',
    'alice@',
    'a@b@example.test',
    'alice @example.test',
    'alice@example..test',
    'alice@.test',
    'alice@example.test.',
    '.alice@example.test',
    'alice.@example.test',
    'álice@example.test',
    'alice@exämple.test',
    'alice@example.test\n',
    'alice\0@example.test',
    '"alice"@example.test',
    '<alice@example.test>',
    'alice@[127.0.0.1]',
    'alice@-example.test',
    'alice@example-.test',
    'alice@example.-',
    `alice@${'b'.repeat(64)}.test`,
    `a${local}@example.test`,
    `${local}@${host(254 - 64)}`,
    'a'.repeat(100_000),
  ]) {
    assert.throws(
      () => parseEmailAddress(wrong),
      (error) => isFault(error, 'parameter_invalid') && error.detail.parameter === 'email',
      wrong.slice(0, 80),
    )
  }
})
