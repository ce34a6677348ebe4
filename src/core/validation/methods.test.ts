import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ValidationMethod } from '../domains/domain.ts'
import { baseOf, canProve, covers } from './methods.ts'

const methods: readonly ValidationMethod[] = ['email', 'dns-txt-token', 'dns-cname-token', 'http-token']
const zoneMethods = methods.filter((method) => method !== 'http-token')

test('D9 a wildcard is proven by mail and DNS and refused through a file', () => {
  for (const method of zoneMethods) assert.ok(canProve(method, '*.shop.example'), method)
  assert.equal(canProve('http-token', '*.shop.example'), false)
  assert.equal(covers({ name: 'shop.example', method: 'http-token' }, '*.shop.example'), false)
})

test('every method proves the very host name, and only a file an IP address', () => {
  for (const method of methods) assert.ok(canProve(method, 'shop.example'), method)
  assert.deepEqual(
    methods.filter((method) => canProve(method, '192.0.2.1')),
    ['http-token'],
  )
  assert.ok(canProve('http-token', '2001:db8::1'))
})

test('D10 a parent proven by a file covers no child; proven by mail or DNS it covers child and wildcard', () => {
  for (const name of ['www.shop.example', '*.www.shop.example', 'a.b.shop.example']) {
    assert.equal(covers({ name: 'shop.example', method: 'http-token' }, name), false, name)
    for (const method of zoneMethods) assert.ok(covers({ name: 'shop.example', method }, name), name)
  }
})

test('a proof covers neither its parent nor names that only end alike', () => {
  for (const method of methods) {
    for (const name of ['example', 'myshop.example', 'shop.example.net', 'other.example', '*.example']) {
      assert.equal(covers({ name: 'shop.example', method }, name), false, `${method} ${name}`)
    }
    assert.ok(covers({ name: 'shop.example', method }, 'shop.example'), method)
  }
  assert.equal(covers({ name: '2.1', method: 'dns-txt-token' }, '192.0.2.1'), false)
})

test('the proof of a wildcard is looked for at the name below the asterisk', () => {
  assert.deepEqual(['*.shop.example', 'shop.example'].map(baseOf), ['shop.example', 'shop.example'])
})

test('N11 a proof of a public suffix proves nothing below it, nor its wildcard', () => {
  for (const suffix of ['com', 'co.uk', 'example', 'unheard-of']) {
    const proof = { name: suffix, method: 'dns-txt-token' } as const
    assert.equal(covers(proof, `shop.${suffix}`), false, suffix)
    assert.equal(covers(proof, `*.${suffix}`), false, suffix)
  }
  assert.ok(covers({ name: 'shop.co.uk', method: 'dns-txt-token' }, '*.shop.co.uk'))
})
