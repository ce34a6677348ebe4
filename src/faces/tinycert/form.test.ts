import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '../../core/faults.ts'
import { decodeFields, type FormFields, type FormValue, splitPairs } from './form.ts'
import type { InputReason } from './input-reason.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const decode = (text: string): FormFields => decodeFields(bytes(text), splitPairs(bytes(text)))

type Plain = string | { [name: string]: Plain }
const plain = (value: FormValue): Plain =>
  typeof value === 'string'
    ? value
    : Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]))

function refuses(text: string, parameter: string, reason: InputReason) {
  assert.throws(
    () => decode(text),
    (error) => {
      assert.ok(isFault(error, 'parameter_invalid'), String(error))
      assert.deepEqual(error.detail, { parameter, reason })
      return true
    },
    text,
  )
}

test('names and values decode from percent-encoding, plus signs and bare UTF-8', () => {
  assert.deepEqual(plain(decode('a+b=c+d&%c3%a9=%E2%82%AC&e=')), { 'a b': 'c d', é: '€', e: '' })
  assert.deepEqual(plain(decodeFields(Buffer.from('O=é'), splitPairs(Buffer.from('O=é')))), { O: 'é' })
  assert.deepEqual(plain(decode('a=b=c&d&=x&&f=%2B%26%3D')), { a: 'b=c', d: '', '': 'x', f: '+&=' })
  assert.deepEqual(plain(decode('')), {})
  assert.deepEqual(plain(decode('&&&')), {})
})

test('a leading byte order mark stays part of the value', () => {
  assert.equal(decode('a=%EF%BB%BFb').get('a'), '﻿b')
})

test('bracketed names nest, raw or escaped, in any order and with gaps', () => {
  const expected = { SANs: { '10': { DNS: 'b' }, '2': { DNS: 'a', IP: '::1' } } }
  assert.deepEqual(
    plain(decode('SANs%5B10%5D%5BDNS%5D=b&SANs[2][DNS]=a&SANs%5B2%5D%5BIP%5D=%3A%3A1')),
    expected,
  )
})

test('P18 __proto__, constructor and prototype are plain names', () => {
  const fields = decode('__proto__[polluted]=1&constructor[prototype][x]=2&prototype=3&a[__proto__]=4')
  assert.equal(Reflect.get({}, 'polluted'), undefined)
  assert.equal(Reflect.get({}, 'x'), undefined)
  assert.deepEqual([...fields.keys()], ['__proto__', 'constructor', 'prototype', 'a'])
})

test('a parameter that stands twice is refused by name', () => {
  refuses('a=1&b=2&a=3', 'a', 'repeated')
  refuses('a=1&%61=1', 'a', 'repeated')
  refuses('SANs[0][DNS]=a&SANs[0][DNS]=a', 'SANs[0][DNS]', 'repeated')
  refuses('SANs=&SANs[0][DNS]=a', 'SANs[0][DNS]', 'repeated')
  refuses('SANs[0][DNS]=a&SANs=', 'SANs', 'repeated')
  refuses('SANs[0][DNS]=a&SANs[0]=', 'SANs[0]', 'repeated')
})

test('malformed percent sequences, bytes outside UTF-8 and U+0000 are refused by name', () => {
  refuses('CN=%', 'CN', 'percent-encoding')
  refuses('CN=%4', 'CN', 'percent-encoding')
  refuses('CN=a%zz', 'CN', 'percent-encoding')
  refuses('CN=%4&O=1', 'CN', 'percent-encoding')
  refuses('C%GN=1', 'C%GN', 'percent-encoding')
  refuses('CN=%ff', 'CN', 'not-utf8')
  refuses('CN=\xe9', 'CN', 'not-utf8')
  refuses('CN=%c0%80', 'CN', 'not-utf8')
  refuses('CN=%ed%a0%80', 'CN', 'not-utf8')
  refuses('C%ffN=1', 'C%ffN', 'not-utf8')
  refuses('\xff\x01=1', '??', 'not-utf8')
  refuses('CN=a%00b', 'CN', 'nul')
})

test('brackets that do not match are refused by name', () => {
  for (const name of ['a[', 'a]', 'a[b', 'a[b]c', 'a[b][', 'a[b]]', 'a[[b]]', '[a', 'a][b']) {
    refuses(`${name}=1`, name, 'brackets')
  }
})

test('three steps of depth are accepted and four are refused', () => {
  assert.deepEqual(plain(decode('a[b][c]=1')), { a: { b: { c: '1' } } })
  refuses('a[b][c][d]=1', 'a[b][c][d]', 'too-deep')
  refuses(`a${'[b]'.repeat(5_000)}=1`, `a${'[b]'.repeat(5_000)}`, 'too-deep')
})

test('a thousand pairs are accepted and one more is refused', () => {
  const pairs = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=1`).join('&')
  assert.equal(decode(pairs(1_000)).size, 1_000)
  assert.equal(decode(`&&${pairs(1_000)}&`).size, 1_000)
  refuses(pairs(1_001), 'body', 'too-many-pairs')
})
