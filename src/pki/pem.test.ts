import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { takesLessThan } from '../../test/support/quick.ts'
import { PkiError, type PkiErrorCode } from './errors.ts'
import { decodeBase64, pemBlocks, pemEncode, scanPem } from './pem.ts'

function raises(code: PkiErrorCode, action: () => unknown): void {
  assert.throws(action, (error) => error instanceof PkiError && error.code === code, code)
}

test('a block has lines of 64 characters, LF and a final newline', () => {
  for (const octets of [0, 1, 47, 48, 49, 96, 1_000]) {
    const der = new Uint8Array(octets).fill(7)
    const pem = pemEncode('CERTIFICATE', der)
    const lines = pem.split('\n')
    assert.equal(lines[0], '-----BEGIN CERTIFICATE-----')
    assert.equal(lines.at(-2), '-----END CERTIFICATE-----')
    assert.equal(lines.at(-1), '')
    for (const line of lines.slice(1, -3)) {
      assert.equal(line.length, 64)
    }
    assert.deepEqual(pemBlocks(pem), [{ label: 'CERTIFICATE', der }])
  }
})

test('several blocks are read in order, with text around them', () => {
  const text = `subject=x\n${pemEncode('A', Uint8Array.of(1))}between\r\n${pemEncode('B C', Uint8Array.of(2))}after`
  assert.deepEqual(
    pemBlocks(text).map(({ label, der }) => [label, ...der]),
    [
      ['A', 1],
      ['B C', 2],
    ],
  )
  assert.deepEqual(pemBlocks('no block at all'), [])
})

test('a block without its end, or with the end of another, is refused', () => {
  raises('pem_unterminated', () => pemBlocks('-----BEGIN A-----\nAQ==\n'))
  raises('pem_unterminated', () => pemBlocks('-----BEGIN A-----\nAQ==\n-----END B-----'))
  raises('pem_unterminated', () => pemBlocks('-----BEGIN A'))
  raises('pem_unterminated', () =>
    pemBlocks(`-----BEGIN ${'A'.repeat(65)}-----\nAQ==\n-----END ${'A'.repeat(65)}-----`),
  )
  assert.equal(scanPem(`-----BEGIN ${'A'.repeat(64)}-----\n-----END ${'A'.repeat(64)}-----`).length, 1)
})

test('base64 is accepted in its one canonical form', () => {
  assert.deepEqual(decodeBase64(' A Q\r\nI\tD '), Uint8Array.of(1, 2, 3))
  assert.deepEqual(decodeBase64(''), new Uint8Array(0))
  // Missing padding, set trailing bits, padding inside, the URL alphabet, foreign characters.
  for (const text of ['AQ', 'AR==', 'AQ==AQ==', 'AQ-_', 'AQ=', 'A', 'AQI*', 'AQ=\u00a0=', 'AQIDÿ']) {
    raises('base64_invalid', () => decodeBase64(text))
  }
})

test('X4 a megabyte of block starts is scanned in linear time', async () => {
  for (const unit of ['-----BEGIN ', '-----BEGIN A-----\n', '-----BEGIN A-----\n-----END A-----', '-----']) {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length))
    const scanned = () => {
      try {
        scanPem(text)
      } catch (error) {
        assert.ok(error instanceof PkiError)
      }
    }
    await takesLessThan(500, scanned, unit)
  }
})

test('openssl reads a block written here', () => {
  const pem = pemEncode('CERTIFICATE', Uint8Array.of(0x30, 3, 2, 1, 5))
  const output = execFileSync('openssl', ['asn1parse'], { input: pem, encoding: 'utf8' })
  assert.match(output, /INTEGER +:05/)
})
