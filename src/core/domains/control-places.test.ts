import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approvingDomains, type ControlScope, controlPlaces } from './control-places.ts'
import type { ValidationMethod } from './domain.ts'
import { namesAbove } from './find-domains.ts'

const places: readonly [ValidationMethod, name: string, ControlScope, found: readonly string[]][] = [
  ['dns-txt-token', 'a.shop.example.co.uk', null, ['a.shop.example.co.uk', 'example.co.uk']],
  ['dns-cname-token', 'example.com', null, ['example.com']],
  ['dns-txt-token', '*.shop.example.com', 'fqdn', ['shop.example.com']],
  ['dns-txt-token', '*.shop.example.com', 'base_domain', ['example.com']],
  ['email', 'www.shop.example.com', null, ['example.com']],
  ['email', 'www.shop.example.com', 'fqdn', ['www.shop.example.com']],
  ['http-token', 'www.shop.example.com', null, ['www.shop.example.com']],
  ['http-token', 'www.shop.example.com', 'base_domain', ['www.shop.example.com']],
  ['http-token', '192.0.2.1', null, ['192.0.2.1']],
  ['dns-txt-token', 'intranet', null, ['intranet']],
]

for (const [method, name, scope, found] of places) {
  test(`${method} for ${name} with scope ${scope} is looked for at ${found.join(', ')}`, () => {
    assert.deepEqual(controlPlaces(method, name, scope), found)
  })
}

test('domains above a name end before the top level; an address and a single label are their own', () => {
  assert.deepEqual(namesAbove('*.a.shop.example.com'), [
    'a.shop.example.com',
    'shop.example.com',
    'example.com',
  ])
  assert.deepEqual(namesAbove('intranet'), ['intranet'])
  assert.deepEqual(namesAbove('192.0.2.1'), ['192.0.2.1'])
  assert.deepEqual(namesAbove('2001:db8::1'), ['2001:db8::1'])
})

test('a name is approved for by its domains down to the registered one', () => {
  assert.deepEqual(approvingDomains('*.a.shop.co.uk'), ['a.shop.co.uk', 'shop.co.uk'])
  assert.deepEqual(approvingDomains('shop.co.uk'), ['shop.co.uk'])
})
