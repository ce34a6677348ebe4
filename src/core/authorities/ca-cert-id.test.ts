import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { authorityByCaCertId, caCertId } from './ca-cert-id.ts'

const authority = (name: string) => ({
  name,
  spkiDer: new Uint8Array(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' }),
  ),
})

test('the name of a CA is 16 upper-case hex digits and follows its key alone', () => {
  const first = authority('first')
  assert.match(caCertId(first), /^[0-9A-F]{16}$/)
  assert.equal(caCertId({ spkiDer: first.spkiDer.slice() }), caCertId(first))
  assert.notEqual(caCertId(authority('second')), caCertId(first))
})

test('a CA is found by its name in any letter case, among those that are offered alone', () => {
  const [first, second] = [authority('first'), authority('second')]
  const name = caCertId(second)
  assert.equal(authorityByCaCertId([first, second], name.toLowerCase()), second)
  assert.equal(authorityByCaCertId([first, second], ` ${name} `), second)
  assert.equal(authorityByCaCertId([first], name), undefined)
  assert.equal(authorityByCaCertId([first, second], name.slice(0, 15)), undefined)
})
