import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { isFault } from '../faults.ts'
import { newSerialNumber } from './serial-number.ts'
import { type ValidityRequest, type ValidityRules, validityOf } from './validity.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7, 890)
const second = 1_000
const hour = 3_600 * second
const day = 24 * hour
const start = now - 890

function reason(request: ValidityRequest, rules: Partial<ValidityRules> = {}): string {
  try {
    validityOf(request, { now, ...rules })
    return 'accepted'
  } catch (error) {
    if (isFault(error, 'validity_refused')) return `${error.detail.reason} ${error.detail.limit}`
    if (isFault(error)) return error.code
    throw error
  }
}

describe('validity', () => {
  test('V1 ninety days end one second before ninety times 86,400 seconds have passed', () => {
    const { notBefore, notAfter } = validityOf({ lifetimeDays: 90 }, { now })
    assert.equal(notBefore, start)
    assert.equal(notAfter, notBefore + 90 * 86_400 * second - second)
  })

  test('V1 the longest lifetime is accepted, one second more is refused', () => {
    const limit = { maximumLifetimeDays: 200 }
    assert.equal(reason({ lifetimeDays: 200 }, limit), 'accepted')
    assert.equal(reason({ notAfter: start + 200 * day - second }, limit), 'accepted')
    assert.equal(reason({ notAfter: start + 200 * day }, limit), 'too-long 2026-09-20T05:06:06.000Z')
    assert.match(reason({ lifetimeDays: 201 }, limit), /^too-long/)
  })

  test('V4 a leaf may end with its issuer and is refused one second later', () => {
    const issuerNotAfter = start + 30 * day
    assert.equal(reason({ notAfter: issuerNotAfter }, { issuerNotAfter }), 'accepted')
    assert.match(
      reason({ notAfter: issuerNotAfter + second }, { issuerNotAfter }),
      /^outlives-issuer 2026-04-03/,
    )
  })

  test('V4 a leaf is cut to its issuer only by setting', () => {
    const issuerNotAfter = start + 30 * day
    const validity = validityOf({ lifetimeDays: 90 }, { now, issuerNotAfter, cutToIssuer: true })
    assert.equal(validity.notAfter, issuerNotAfter)
    assert.match(
      reason({ lifetimeDays: 90 }, { issuerNotAfter: start - second, cutToIssuer: true }),
      /^outlives/,
    )
  })

  test('V5 notBefore may not lie in the future', () => {
    assert.equal(reason({ lifetimeDays: 1, notBefore: start }), 'accepted')
    assert.match(reason({ lifetimeDays: 1, notBefore: start + second }), /^starts-in-future/)
  })

  test('V5 notBefore may be as early as the setting and no earlier', () => {
    const rules = { backdateMs: hour }
    assert.equal(validityOf({ lifetimeDays: 1 }, { now, ...rules }).notBefore, start - hour)
    assert.equal(reason({ lifetimeDays: 1, notBefore: start - hour }, rules), 'accepted')
    assert.match(reason({ lifetimeDays: 1, notBefore: start - hour - second }, rules), /^backdated/)
    assert.match(reason({ lifetimeDays: 1, notBefore: start - second }), /^backdated/)
  })

  test('V5 no setting backdates by more than 48 hours', () => {
    const rules = { backdateMs: 1_000 * hour }
    assert.equal(validityOf({ lifetimeDays: 9 }, { now, ...rules }).notBefore, start - 48 * hour)
    assert.match(reason({ lifetimeDays: 9, notBefore: start - 49 * hour }, rules), /^backdated/)
  })

  test('an end before the beginning is refused, one instant is the shortest lifetime', () => {
    assert.equal(reason({ notAfter: start }), 'accepted')
    assert.match(reason({ notAfter: start - second }), /^ends-before-start/)
  })

  test('a lifetime that is no whole number of days is refused', () => {
    for (const lifetimeDays of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      assert.equal(reason({ lifetimeDays }), 'parameter_invalid')
    }
    assert.equal(reason({}), 'parameter_invalid')
  })

  test('a lifetime past the year 9999 is refused', () => {
    assert.match(reason({ lifetimeDays: 3_000_000 }), /^too-long 9999/)
  })
})

describe('serial numbers', () => {
  test('V6 100,000 serial numbers are positive, 16 octets, random past the first octet, and all different', () => {
    const seen = new Set<string>()
    const always = new Uint8Array(16).fill(0xff)
    const ever = new Uint8Array(16)
    for (let count = 0; count < 100_000; count += 1) {
      const serialNumber = newSerialNumber({ bytes: (length) => randomBytes(length) })
      assert.equal(serialNumber.length, 16)
      for (const [index, octet] of serialNumber.entries()) {
        always[index] = (always[index] ?? 0) & octet
        ever[index] = (ever[index] ?? 0) | octet
      }
      seen.add(Buffer.from(serialNumber).toString('latin1'))
    }
    assert.equal(seen.size, 100_000)
    assert((ever[0] ?? 0) >= 0x01 && (ever[0] ?? 0xff) <= 0x7f)
    assert.deepEqual(always.subarray(1), new Uint8Array(15))
    assert.deepEqual(ever.subarray(1), new Uint8Array(15).fill(0xff))
  })
})
