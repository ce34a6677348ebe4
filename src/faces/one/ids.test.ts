import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexIdOf, readId, uuidOf } from './ids.ts'

test('an id is a UUID of version 8 and is read back in both spellings and any letter case', () => {
  const id = uuidOf('profile', 42)
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.match(hexIdOf('authority', 7), /^[0-9A-F]{32}$/)
  for (const written of [id, id.toUpperCase(), id.replaceAll('-', ''), hexIdOf('profile', 42)]) {
    assert.equal(readId('profile', written), 42, written)
  }
  assert.equal(readId('seat', uuidOf('seat', 2 ** 31 - 1)), 2 ** 31 - 1)
})

test('an id of another kind, of number 0, too large or malformed is none', () => {
  for (const text of [
    uuidOf('seat', 42),
    uuidOf('profile', 0),
    uuidOf('profile', 2 ** 31),
    uuidOf('profile', 42).slice(0, -1),
    `${uuidOf('profile', 42)}0`,
    uuidOf('profile', 42).replace(/..$/, 'zz'),
    '',
    '42',
    '-'.repeat(36),
    'x'.repeat(100_000),
    '3f0c4a51-9f5e-4b0b-8a51-77f0a1c2d3e4',
  ]) {
    assert.equal(readId('profile', text), undefined, text.slice(0, 50))
  }
})
