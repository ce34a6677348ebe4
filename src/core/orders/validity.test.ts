import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isFault } from '../faults.ts'
import { productOf } from '../products/catalogue.ts'
import { chooseProfile } from '../products/choose-profile.ts'
import type { ValidityWish } from './order.ts'
import { certificateValidity, orderPeriod } from './validity.ts'

const dayMs = 86_400_000
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 19)

function outcome<Result>(act: () => Result): Result | string {
  try {
    return act()
  } catch (error) {
    if (!isFault(error)) throw error
    return error.code
  }
}

describe('the period of an order', () => {
  const period = (
    wish: ValidityWish,
    { nameId = 'ssl_basic', customExpirationDates = true, now = '2026-11-22T08:00:00.900Z' } = {},
  ) =>
    outcome(() => {
      const rules = {
        product: productOf(nameId),
        policy: { customExpirationDates },
        now: Date.parse(now),
        parameter: 'order_validity',
      }
      const { validFrom, validUntil } = orderPeriod(wish, rules)
      return `${iso(validFrom)}/${iso(validUntil)}`
    })

  for (const [title, wish, options, expected] of [
    ['one year ends a second early', { years: 1 }, {}, '2026-11-22T08:00:00/2027-11-22T07:59:59'],
    ['three years are a plan', { years: 3 }, {}, '2026-11-22T08:00:00/2029-11-22T07:59:59'],
    ['four years are refused', { years: 4 }, {}, 'parameter_invalid'],
    ['no years are refused', { years: 0 }, {}, 'parameter_invalid'],
    [
      'two years of a product for one are refused',
      { years: 2 },
      { nameId: 'grid_host_ssl' },
      'parameter_invalid',
    ],
    [
      'a leap day ends on 28 February',
      { years: 1 },
      { now: '2028-02-29T08:00:00Z' },
      '2028-02-29T08:00:00/2029-02-28T07:59:59',
    ],
    ['days are counted', { days: 10 }, {}, '2026-11-22T08:00:00/2026-12-02T07:59:59'],
    ['no days are refused', { days: 0 }, {}, 'parameter_invalid'],
    ['parts of days are refused', { days: 1.5 }, {}, 'parameter_invalid'],
    ['as many days as three years are taken', { days: 1_096 }, {}, '2026-11-22T08:00:00/2029-11-22T07:59:59'],
    ['a day more is refused', { days: 1_097 }, {}, 'parameter_invalid'],
    ['days beyond all bounds are refused', { days: Number.MAX_SAFE_INTEGER }, {}, 'parameter_invalid'],
    ['a date counts to its end', { date: '2027-01-31' }, {}, '2026-11-22T08:00:00/2027-01-31T23:59:59'],
    ['today is a date', { date: '2026-11-22' }, {}, '2026-11-22T08:00:00/2026-11-22T23:59:59'],
    ['yesterday is over', { date: '2026-11-21' }, {}, 'parameter_invalid'],
    [
      'the last possible date is cut to the order',
      { date: '2029-11-22' },
      {},
      '2026-11-22T08:00:00/2029-11-22T07:59:59',
    ],
    ['the date after is refused', { date: '2029-11-23' }, {}, 'parameter_invalid'],
    ['30 February is no date', { date: '2027-02-30' }, {}, 'parameter_invalid'],
    ['another form is no date', { date: '2027-2-3' }, {}, 'parameter_invalid'],
    [
      'a date is refused where the account has years alone',
      { date: '2027-01-31' },
      { customExpirationDates: false },
      'expiration_choice_not_allowed',
    ],
    [
      'days are refused where the account has years alone',
      { days: 30 },
      { customExpirationDates: false },
      'expiration_choice_not_allowed',
    ],
    [
      'years are taken where the account has years alone',
      { years: 1 },
      { customExpirationDates: false },
      '2026-11-22T08:00:00/2027-11-22T07:59:59',
    ],
  ] as const) {
    test(title, () => {
      assert.equal(period(wish, options), expected)
    })
  }
})

describe('the validity of an order’s certificate', () => {
  const start = Date.parse('2026-11-22T08:00:00Z')
  const yearOn = Date.parse('2027-11-22T07:59:59Z')
  const validity = (
    wish: ValidityWish | null,
    { nameId = 'ssl_basic', now = start, validUntil = yearOn, backdateMs = 0 } = {},
  ) => {
    const product = productOf(nameId)
    const profile = chooseProfile(product, {}, 'profile_option')
    const rules = { product, profile, now, validUntil, backdateMs, parameter: 'cert_validity' }
    return outcome(() => {
      const decided = certificateValidity(wish, rules)
      return 'notAfter' in decided ? iso(decided.notAfter) : decided.lifetimeDays
    })
  }

  test('V2 is the longest of its day without a wish, and where the wish is longer', () => {
    for (const [date, days] of [
      ['2026-11-22', 199],
      ['2027-03-14', 199],
      ['2027-03-15', 100],
      ['2029-03-15', 47],
    ] as const) {
      const now = Date.parse(`${date}T00:00:00Z`)
      const validUntil = now + 365 * dayMs
      assert.equal(validity(null, { now, validUntil }), days)
      assert.equal(validity({ years: 1 }, { now, validUntil }), days)
      assert.equal(validity({ days: days + 1 }, { now, validUntil }), days)
      assert.equal(validity({ days }, { now, validUntil }), days)
      assert.equal(validity({ days: days - 1 }, { now, validUntil }), days - 1)
    }
    assert.equal(validity(null, { nameId: 'code_signing', validUntil: start + 1_000 * dayMs }), 459)
  })

  test('ends with an order that has less left', () => {
    const validUntil = start + 30 * dayMs - 1_000
    assert.equal(validity(null, { validUntil }), '2026-12-22T07:59:59')
    assert.equal(validity({ date: '2026-12-22' }, { validUntil }), '2026-12-22T07:59:59')
    assert.equal(validity({ date: '2026-12-21' }, { validUntil }), '2026-12-21T23:59:59')
  })

  test('beyond the order is refused, by a day', () => {
    const validUntil = start + 30 * dayMs - 1_000
    assert.equal(validity({ days: 30 }, { validUntil }), 30)
    assert.equal(validity({ days: 31 }, { validUntil }), 'order_validity_exceeded')
    assert.equal(validity({ date: '2026-12-23' }, { validUntil }), 'order_validity_exceeded')
    assert.equal(validity({ years: 1 }, { validUntil }), 'order_validity_exceeded')
  })

  test('is refused once the order is over', () => {
    assert.equal(validity(null, { validUntil: start - 1_000 }), 'order_validity_exceeded')
    assert.equal(validity(null, { validUntil: start }), '2026-11-22T08:00:00')
  })

  test('counts days from where the certificate starts', () => {
    const backdateMs = 3_600_000
    assert.equal(validity({ days: 10 }, { backdateMs }), 10)
    assert.equal(validity({ days: 199 }, { backdateMs }), 199)
  })

  test('of no length, or over already, is refused', () => {
    assert.equal(validity({ days: 0 }), 'parameter_invalid')
    assert.equal(validity({ years: -1 }), 'parameter_invalid')
    assert.equal(validity({ date: '2026-11-21' }), 'parameter_invalid')
    assert.equal(validity({ date: 'soon' }), 'parameter_invalid')
  })
})
