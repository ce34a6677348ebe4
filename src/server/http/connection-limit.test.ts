import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { ConnectionLimit } from './connection-limit.ts'

function connectionFrom(address: string): Socket {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: address })
  return socket
}

test('the connection past the limit of an address is closed, and one that ends makes room', async () => {
  const limit = new ConnectionLimit(2, () => false)
  const first = connectionFrom('192.0.2.1')
  assert.ok(limit.admit(first))
  assert.ok(limit.admit(connectionFrom('192.0.2.1')))
  const third = connectionFrom('192.0.2.1')
  assert.ok(!limit.admit(third))
  assert.ok(third.destroyed)
  assert.ok(limit.admit(connectionFrom('192.0.2.2')), 'another address has its own room')
  first.destroy()
  await new Promise((resolve) => first.once('close', resolve))
  assert.ok(limit.admit(connectionFrom('192.0.2.1')))
})

test('loopback and trusted proxies have no limit', () => {
  const limit = new ConnectionLimit(1, (address) => address === '198.51.100.1')
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '198.51.100.1']) {
    for (let count = 0; count < 5; count++) assert.ok(limit.admit(connectionFrom(address)), address)
  }
})
