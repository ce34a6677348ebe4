import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressMatcher, formatListenAddress, isLoopback, parseListenAddress } from './address.ts'

test('a listen address is read in each form and written back the same', () => {
  for (const text of ['127.0.0.1:8080', '[::1]:8443', 'localhost:0', 'ca.example:65535', '0.0.0.0:80']) {
    const address = parseListenAddress(text)
    assert.ok(address !== undefined, text)
    assert.equal(formatListenAddress(address), text)
  }
})

test('what is not HOST:PORT is no listen address', () => {
  for (const text of [
    '',
    ':80',
    '80',
    'a:',
    'a:b',
    'a:-1',
    'a:65536',
    '::1:80',
    '[a]:80',
    '[::1]',
    'a b:80',
    'a/b:80',
  ]) {
    assert.equal(parseListenAddress(text), undefined, text)
  }
})

test('loopback is recognised in both families and by its usual name', () => {
  for (const host of ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', 'localhost']) {
    assert.ok(isLoopback(host), host)
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '::2', '::ffff:10.0.0.1', 'ca.example']) {
    assert.ok(!isLoopback(host), host)
  }
})

test('a matcher of ranges takes their first and last address and not the next', () => {
  const matches = addressMatcher(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'])
  for (const address of ['10.0.0.0', '10.255.255.255', '192.0.2.7', '2001:db8:ffff::1']) {
    assert.ok(matches(address), address)
  }
  for (const address of ['11.0.0.0', '192.0.2.8', '2001:db9::', '']) assert.ok(!matches(address), address)
})
