import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseIpAddress } from '../pki/ip-addresses.ts'
import { addressGuard } from './address-guard.ts'

function allows(allowed: readonly string[], address: string, own: readonly string[] = []): boolean {
  const octets = parseIpAddress(address)
  assert.ok(octets !== undefined, address)
  return addressGuard({ allowed, ownAddresses: () => own })(octets, 80)
}

test('addresses of the public Internet may be called', () => {
  for (const address of ['93.184.215.14', '9.9.9.9', '172.32.0.1', '2606:4700::1111', '2a00:1450::1']) {
    assert.ok(allows([], address), address)
  }
})

test('D3 special-purpose addresses of both families are refused in every notation', () => {
  for (const address of [
    ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '0.0.0.0'],
    ...['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:93.184.215.14', '::127.0.0.1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '2001:db8::1'],
  ]) {
    assert.equal(allows([], address), false, address)
  }
})

test('D3 private ranges that are allowed open neither loopback nor link-local nor metadata addresses', () => {
  const wide = ['0.0.0.0/0', '::/0']
  for (const address of ['10.1.2.3', '192.168.7.7', 'fd12::1', '2001:db8::1']) {
    assert.ok(allows(wide, address), address)
  }
  for (const address of [
    '127.0.0.1',
    '::1',
    '169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '168.63.129.16',
  ]) {
    assert.equal(allows(wide, address), false, address)
  }
  assert.equal(allows(['fc00::/7'], 'fd00:ec2::254'), false)
})

test('D3 loopback and link-local need an entry within their own range', () => {
  assert.ok(allows(['127.0.0.1'], '127.0.0.1'))
  assert.equal(allows(['127.0.0.1'], '127.0.0.2'), false)
  assert.ok(allows(['127.0.0.0/8'], '127.0.0.2'))
  assert.ok(allows(['::1'], '::1'))
  assert.ok(allows(['169.254.0.0/16'], '169.254.1.1'))
})

test('D3 nothing opens unspecified, multicast and broadcast addresses or other notations of IPv4', () => {
  const all = [
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    'ff02::1',
  ]
  for (const address of all) assert.equal(allows([address, '127.0.0.1'], address), false, address)
})

test('D3 an address of this machine needs an entry of its own', () => {
  const own = ['10.1.2.3', '93.184.215.14', '2606:4700::1111', 'fe80::1%eth0']
  assert.equal(allows(['10.0.0.0/8'], '10.1.2.3', own), false)
  assert.equal(allows([], '93.184.215.14', own), false)
  assert.equal(allows(['2606:4700::/32'], '2606:4700::1111', own), false)
  assert.ok(allows(['10.0.0.0/8'], '10.1.2.4', own))
  assert.ok(allows(['10.1.2.3'], '10.1.2.3', own))
  assert.ok(allows(['93.184.215.14/32'], '93.184.215.14', own))
})

test('an entry that is no address or range is refused', () => {
  for (const entry of ['10.0.0.0/33', 'localhost', '']) {
    assert.throws(() => addressGuard({ allowed: [entry] }), RangeError, entry)
  }
})

test('D3 our own listeners are never called, although their address is allowed', () => {
  const own = ['127.0.0.1', '192.0.2.7', '::1']
  const calls = (host: string, address: string, port: number) => {
    const octets = parseIpAddress(address)
    assert.ok(octets !== undefined)
    const guard = addressGuard({
      allowed: own,
      ownAddresses: () => own,
      ownListeners: [{ host, port: 8080 }],
    })
    return guard(octets, port)
  }
  assert.ok(calls('127.0.0.1', '127.0.0.1', 80))
  assert.equal(calls('127.0.0.1', '127.0.0.1', 8080), false)
  assert.ok(calls('127.0.0.1', '192.0.2.7', 8080), 'bound to another address')
  for (const host of ['0.0.0.0', '::', 'localhost']) {
    for (const address of own) assert.equal(calls(host, address, 8080), false, `${host} ${address}`)
  }
})
