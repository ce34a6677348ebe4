import assert from 'node:assert/strict'
import test from 'node:test'
import { testRandom } from '../../../test/support/sealer.ts'
import { isFault } from '../faults.ts'
import { checkNewPassphrase, generatePassphrase } from './passphrase.ts'

test('a generated passphrase has five groups of five characters, passes the check and is new each time', () => {
  const made = Array.from({ length: 100 }, () => generatePassphrase(testRandom))
  for (const passphrase of made) {
    assert.match(passphrase, /^([2-9a-km-np-z]{5}-){4}[2-9a-km-np-z]{5}$/)
    checkNewPassphrase(passphrase)
  }
  assert.equal(new Set(made).size, made.length)
})

test('every character of the alphabet comes equally from the random octets', () => {
  const counts = new Map<string, number>()
  for (let byte = 0; byte < 256; byte++) {
    const [character = ''] = generatePassphrase({ bytes: (length) => new Uint8Array(length).fill(byte) })
    counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  assert.equal(counts.size, 32)
  assert.ok([...counts.values()].every((count) => count === 8))
})

test('a passphrase of 8 characters and one of 1,024 octets are taken, spaces and all scripts too', () => {
  for (const passphrase of [
    '12345678',
    'x'.repeat(1024),
    'é'.repeat(512),
    ' leading and trailing ',
    '開けゴマ開けゴマ',
    '😀'.repeat(8),
  ]) {
    checkNewPassphrase(passphrase)
  }
})

test('a passphrase that is too short, too long or not plain text is refused without being repeated', () => {
  for (const [passphrase, reason] of [
    ['', /shorter/],
    ['1234567', /shorter/],
    ['😀😀😀😀😀😀😀', /shorter/],
    ['x'.repeat(1025), /longer/],
    [`${'é'.repeat(512)}x`, /longer/],
    ['1234567\n8', /control/],
    ['1234567\x008', /control/],
    ['1234567\x7f8', /control/],
    ['1234567\ud800', /Unicode/],
  ] as const) {
    assert.throws(
      () => checkNewPassphrase(passphrase),
      (error) =>
        isFault(error, 'parameter_invalid') &&
        error.detail.parameter === 'passphrase' &&
        reason.test(error.detail.reason),
    )
  }
})
