import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DerError } from './der/errors.ts'
import { encodeGeneralName } from './general-names.ts'
import { guidName, guidNameText } from './guid-name.ts'

const text = '6b29fc40-ca47-1067-b31d-00dd010662da'

test('a GUID is 16 octets, its first three groups with the least significant octet first', () => {
  const name = guidName(text.toUpperCase())
  assert.ok(name)
  assert.equal(Buffer.from(name.value).toString('hex'), '041040fc296b47ca6710b31d00dd010662da')
  assert.equal(
    Buffer.from(encodeGeneralName(name)).toString('hex'),
    'a01f06092b0601040182371901a012041040fc296b47ca6710b31d00dd010662da',
  )
  assert.equal(guidNameText(name), text)
})

test('what is no GUID is none, in either direction', () => {
  for (const other of ['', text.slice(1), `${text}0`, `{${text}}`, text.replace('6b', '6g')]) {
    assert.equal(guidName(other), undefined, other)
  }
  const name = guidName(text)
  assert.ok(name)
  assert.equal(guidNameText({ ...name, oid: '1.2.3' }), undefined)
  assert.equal(guidNameText({ ...name, value: Uint8Array.of(4, 1, 0) }), undefined)
  assert.throws(() => guidNameText({ ...name, value: Uint8Array.of(5, 0) }), DerError)
})
