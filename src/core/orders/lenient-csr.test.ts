import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testRequest } from '../../../test/support/engine.ts'
import { pemEncode } from '../../pki/pem.ts'
import { isFault } from '../faults.ts'
import { decodeLenientCsr } from './lenient-csr.ts'

// Drawn until its base64 ends in padding, so that leaving padding out makes a difference.
let der = await testRequest()
for (let length = 1; der.length % 3 === 0; length += 1) der = await testRequest('n'.repeat(length))
const pem = pemEncode('CERTIFICATE REQUEST', der)
const base64 = Buffer.from(der).toString('base64')

describe('requests in the forms clients send', () => {
  for (const [title, text] of [
    ['PEM with LF is read', pem],
    ['PEM with CRLF is read', pem.replaceAll('\n', '\r\n')],
    ['PEM without any line break is read', pem.replaceAll('\n', '')],
    ['PEM with written-out line feeds is read', pem.replaceAll('\n', '\\n')],
    ['PEM with written-out CRLF is read', pem.replaceAll('\n', '\\r\\n')],
    ['PEM of the label NEW CERTIFICATE REQUEST is read', pem.replaceAll('CERTIFICATE', 'NEW CERTIFICATE')],
    ['PEM without any blank is read', pem.replaceAll(/\s/g, '')],
    [
      'PEM of the label NEW CERTIFICATE REQUEST without any blank is read',
      pem.replaceAll('CERTIFICATE', 'NEW CERTIFICATE').replaceAll(/\s/g, ''),
    ],
    ['padded base64 alone is read', base64],
    ['unpadded base64 alone is read', base64.replaceAll('=', '')],
    ['base64 in lines is read', base64.replaceAll(/(.{64})/g, '$1\r\n')],
    ['base64 for URLs is read', Buffer.from(der).toString('base64url')],
    ['base64 for URLs with padding is read', base64.replaceAll('+', '-').replaceAll('/', '_')],
  ] as const) {
    test(title, () => {
      assert.deepEqual(Buffer.from(decodeLenientCsr(text)), Buffer.from(der))
    })
  }

  test('base64 with the letters of both alphabets is read', () => {
    const mixed = base64.replace('+', '-').replace('/', '_')
    assert.deepEqual(Buffer.from(decodeLenientCsr(mixed)), Buffer.from(der))
  })
})

describe('texts that are no request', () => {
  for (const [title, text, code] of [
    ['an empty text is refused', '', 'csr_malformed'],
    ['blanks alone are refused', ' \\n ', 'csr_malformed'],
    ['a character outside of base64 is refused', `${base64}!`, 'csr_malformed'],
    ['base64 with one digit too many is refused', 'MIIBA', 'csr_malformed'],
    ['PEM without its last line is refused', pem.slice(0, pem.indexOf('-----END')), 'csr_malformed'],
    [
      'PEM without blanks that ends with another label is refused',
      pem.replaceAll(/\s/g, '').replace('END', 'ENDNEW'),
      'csr_malformed',
    ],
    ['two requests are refused', pem + pem, 'csr_malformed'],
    ['a certificate is refused', pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE'), 'csr_not_a_request'],
    [
      'a private key beside the request is refused',
      `${pemEncode('PRIVATE KEY', Uint8Array.of(0x30, 0x00))}${pem}`,
      'csr_not_a_request',
    ],
    ['more than 65536 characters are refused', `${' '.repeat(65_537 - pem.length)}${pem}`, 'csr_malformed'],
  ] as const) {
    test(title, () => {
      assert.throws(
        () => decodeLenientCsr(text),
        (error) => isFault(error, code),
      )
    })
  }

  test('65536 characters are looked at', () => {
    const padded = ' '.repeat(65_536 - pem.length) + pem
    assert.deepEqual(Buffer.from(decodeLenientCsr(padded)), Buffer.from(der))
  })
})
