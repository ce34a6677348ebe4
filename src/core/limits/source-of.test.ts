import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceOf } from './source-of.ts'

test('addresses of one IPv6 /64 are one source, mapped IPv4 is IPv4', () => {
  const source = '2001:db8:0:1'
  for (const address of [
    '2001:db8:0:1::5',
    '2001:0db8:0000:0001:ffff:ffff:ffff:ffff',
    '2001:db8:0:1:0:0:0:9%eth0',
  ]) {
    assert.equal(sourceOf(address), source, address)
  }
  assert.notEqual(sourceOf('2001:db8:0:2::5'), source)
  assert.equal(sourceOf('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(sourceOf('::1'), '0:0:0:0')
})
