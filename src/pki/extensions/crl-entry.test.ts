import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import {
  type CrlReason,
  encodeInvalidityDate,
  encodeReasonCode,
  isCrlReason,
  parseInvalidityDate,
  parseReasonCode,
} from './crl-entry.ts'
import { encodeCrlNumber, parseCrlNumber } from './crl-number.ts'
import { encodeOcspNoCheck, parseOcspNoCheck } from './ocsp-no-check.ts'

const reasons: readonly CrlReason[] = [1, 2, 3, 4, 5, 6, 8, 9, 10]

test('reasons are ENUMERATED, not critical, and read back', () => {
  for (const reason of reasons) {
    const { value, critical } = encodeReasonCode(reason)
    assert.equal(hex(value), `0a01${reason.toString(16).padStart(2, '0')}`)
    assert.equal(critical, false)
    assert.equal(parseReasonCode(value), reason)
  }
})

test('R9 reason 0 is not written; it and no others are read as what they are', () => {
  assert.equal(
    refusalOf(() => encodeReasonCode(0)),
    'extension_malformed out_of_range',
  )
  assert.equal(parseReasonCode(unhex('0a0100')), 0)
  for (const code of [7, 11, -1, 0.5]) {
    assert.equal(isCrlReason(code), false)
  }
  assert.equal(
    refusalOf(() => parseReasonCode(unhex('0a0107'))),
    'extension_malformed out_of_range',
  )
  assert.equal(
    refusalOf(() => parseReasonCode(unhex('0a010b'))),
    'extension_malformed out_of_range',
  )
  assert.equal(
    refusalOf(() => parseReasonCode(unhex('020101'))),
    'unexpected_tag',
  )
})

test('V3 an invalidity date is GeneralizedTime before 2050 as well', () => {
  const instant = Date.UTC(2026, 0, 2, 3, 4, 5)
  const { value } = encodeInvalidityDate(instant)
  assert.equal(hex(value), `180f${hex(Buffer.from('20260102030405Z'))}`)
  assert.equal(parseInvalidityDate(value), instant)
  assert.equal(
    refusalOf(() => parseInvalidityDate(unhex('170d3236303130323033303430355a'))),
    'unexpected_tag',
  )
})

test('CRL numbers have 1 to 20 octets and are not negative', () => {
  assert.equal(hex(encodeCrlNumber(1_799_999_999_999).value), '020601a3185c4fff')
  const largest = 2n ** 159n - 1n
  assert.equal(parseCrlNumber(encodeCrlNumber(largest).value), largest)
  assert.equal(parseCrlNumber(encodeCrlNumber(0).value), 0n)
  for (const number of [-1, largest + 1n]) {
    assert.equal(
      refusalOf(() => encodeCrlNumber(number)),
      'extension_malformed out_of_range',
    )
  }
  assert.equal(
    refusalOf(() => parseCrlNumber(unhex('0201ff'))),
    'extension_malformed out_of_range',
  )
  assert.equal(
    refusalOf(() => parseCrlNumber(unhex(`021501${'00'.repeat(20)}`))),
    'extension_malformed out_of_range',
  )
})

test('R6 ocsp-nocheck holds exactly 05 00 and is not critical', () => {
  const extension = encodeOcspNoCheck()
  assert.equal(hex(extension.value), '0500')
  assert.equal(extension.critical, false)
  assert.equal(parseOcspNoCheck(extension.value), true)
  assert.equal(
    refusalOf(() => parseOcspNoCheck(unhex('0400'))),
    'unexpected_tag',
  )
})
