import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { anchorDetail, anchorsOf, chainOrigin, eventBody, linkHash } from './chain.ts'
import type { Event } from './event.ts'

const event: Event = {
  action: 'account.created',
  at: 1,
  actor: { type: 'operator', user: 'ö' },
  accountId: null,
  object: 'account:1',
  requestId: null,
  detail: { b: 1, a: '☃' },
}

test('a link is SHA-256 over the previous hash and the UTF-8 text of the event', () => {
  const previous = chainOrigin('one')
  const body = eventBody(event)
  const expected = createHash('sha256').update(previous).update(body, 'utf8').digest()
  assert.deepEqual(Buffer.from(linkHash(previous, body)), expected)
})

test('an event is written in one way, whatever the order of its members', () => {
  const shuffled = Object.fromEntries(Object.entries(event).toReversed())
  assert.equal(eventBody({ ...event, ...shuffled }), eventBody(event))
  assert.equal(
    eventBody(event),
    '{"action":"account.created","at":1,"actor":{"type":"operator","user":"ö"},"accountId":null,"object":"account:1","requestId":null,"detail":{"b":1,"a":"☃"}}',
  )
})

test('chains of different names begin at different hashes', () => {
  assert.notDeepEqual(chainOrigin('one'), chainOrigin('two'))
})

test('anchors are read back, and other details are passed over', () => {
  const anchors = [
    { chain: 'one', sequence: 7, hash: Buffer.from(chainOrigin('one')) },
    { chain: 'two', sequence: 1, hash: Buffer.from(chainOrigin('two')) },
  ]
  assert.deepEqual(anchorsOf({ ...anchorDetail(anchors), other: 5 }), anchors)
})

test('a malformed anchor is told', () => {
  for (const value of [7, '7', '7 ab', `x ${'a'.repeat(64)}`, `7 ${'a'.repeat(64)} 8`]) {
    assert.equal(anchorsOf({ 'head:one': value }), undefined, String(value))
  }
})
