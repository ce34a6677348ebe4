import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatIpAddress, parseIpAddress } from './ip-addresses.ts'
import '../../test/support/seed.ts'

function hexOf(text: string): string | undefined {
  const bytes = parseIpAddress(text)
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('hex')
}

const addresses: readonly [text: string, octets: string, canonical: string][] = [
  ['192.0.2.1', 'c0000201', '192.0.2.1'],
  ['0.0.0.0', '00000000', '0.0.0.0'],
  ['255.255.255.255', 'ffffffff', '255.255.255.255'],
  ['::', '00'.repeat(16), '::'],
  ['::1', `${'00'.repeat(15)}01`, '::1'],
  ['2001:DB8::1', `20010db8${'00'.repeat(11)}01`, '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['1:2:3:4:5:6:7::', '00010002000300040005000600070000', '1:2:3:4:5:6:7:0'],
  ['::2:3:4:5:6:7:8', '00000002000300040005000600070008', '0:2:3:4:5:6:7:8'],
  ['::ffff:192.0.2.1', `${'00'.repeat(10)}ffffc0000201`, '::ffff:c000:201'],
  ['64:ff9b::192.0.2.33', `0064ff9b${'00'.repeat(8)}c0000221`, '64:ff9b::c000:221'],
  ['1:2:3:4:5:6:1.2.3.4', '00010002000300040005000601020304', '1:2:3:4:5:6:102:304'],
]

for (const [text, octets, canonical] of addresses) {
  test(`${text} is an address and is written as ${canonical}`, () => {
    assert.equal(hexOf(text), octets)
    assert.equal(formatIpAddress(Buffer.from(octets, 'hex')), canonical)
  })
}

const refused = [
  '',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1.2.3.256',
  '1.2.3.-1',
  '1.2.3.4 ',
  '0x7f.0.0.1',
  '127.1',
  '2130706433',
  '1..2.3',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '::1:2:3:4:5:6:7:8',
  '12345::',
  'g::',
  'fe80::1%eth0',
  '[::1]',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '::1.2.3',
  '1:2:3:4:5:6:7:1.2.3.4',
  `${'0:'.repeat(50_000)}0`,
]

for (const text of refused) {
  test(`"${text.slice(0, 30)}" is not an address`, () => {
    assert.equal(parseIpAddress(text), undefined)
  })
}

test('each address survives formatting, and the runtime reads the same text as an address', () => {
  const octets = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  )
  fc.assert(
    fc.property(octets, (bytes) => {
      const text = formatIpAddress(bytes)
      assert.deepEqual(parseIpAddress(text), bytes)
      assert.equal(isIP(text), bytes.length === 4 ? 4 : 6)
    }),
  )
})

test('text of address characters is an address here exactly when the runtime says so', () => {
  const text = fc.string({
    unit: fc.constantFrom(':', '::', '.', '0', '1', 'f', '25', '1.2.3.4'),
    maxLength: 12,
  })
  fc.assert(
    fc.property(text, (candidate) => {
      assert.equal(parseIpAddress(candidate) !== undefined, isIP(candidate) !== 0)
    }),
    { numRuns: 5_000 },
  )
})
