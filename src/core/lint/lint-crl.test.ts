import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { signatureAlgorithms } from '../../pki/algorithms.ts'
import * as der from '../../pki/der/writer.ts'
import { oids } from '../../pki/oids.ts'
import { lintTbsCertListInSteps } from './lint-crl.ts'

const day = 86_400_000
const thisUpdate = Date.UTC(2026, 10, 1)

interface Parts {
  readonly entries: readonly Uint8Array[] | undefined
  readonly nextUpdate: number | undefined
  readonly number: Uint8Array
}

function entry(date: number, reason?: number): Uint8Array {
  const extensions =
    reason === undefined
      ? []
      : [der.sequence(der.sequence(der.oid(oids.reasonCode), der.octetString(der.enumerated(reason))))]
  return der.sequence(der.integer(7), der.time(date), ...extensions)
}

function tbs(parts: Partial<Parts> = {}): Uint8Array {
  const { entries, nextUpdate, number } = {
    entries: undefined,
    nextUpdate: thisUpdate + 7 * day,
    number: der.integer(5),
    ...parts,
  }
  return der.sequence(
    der.integer(1),
    signatureAlgorithms['ecdsa-sha256'].identifierDer,
    der.sequence(),
    der.time(thisUpdate),
    ...(nextUpdate === undefined ? [] : [der.time(nextUpdate)]),
    ...(entries === undefined ? [] : [der.sequence(...entries)]),
    der.explicit(
      0,
      der.sequence(
        der.sequence(
          der.oid(oids.authorityKeyIdentifier),
          der.octetString(der.sequence(der.implicit(0, new Uint8Array(20)))),
        ),
        der.sequence(der.oid(oids.cRLNumber), der.octetString(number)),
      ),
    ),
  )
}

function rulesFound(tbsDer: Uint8Array, strictness: 'public-tls' | 'private-tls' = 'private-tls') {
  const steps = lintTbsCertListInSteps(tbsDer, { strictness, maximumDays: 10 })
  let pauses = 0
  for (;;) {
    const step = steps.next()
    if (step.done === true) return { rules: step.value.map(({ rule }) => rule), pauses }
    pauses += 1
  }
}

describe('linting a CRL', () => {
  for (const [title, parts, rules] of [
    ['without entries has no finding', {}, []],
    ['with entries has no finding', { entries: [entry(thisUpdate), entry(thisUpdate - day, 1)] }, []],
    ['R15 with an empty list of entries is flagged', { entries: [] }, ['crl-entries-not-empty']],
    [
      'with an entry from the future is flagged',
      { entries: [entry(thisUpdate + 1_000)] },
      ['crl-revocation-not-later'],
    ],
    ['R9 with reason 0 written out is flagged', { entries: [entry(thisUpdate, 0)] }, ['crl-reason-code']],
    [
      'with reason 7, which does not exist, is flagged',
      { entries: [entry(thisUpdate, 7)] },
      ['crl-reason-code'],
    ],
    ['with a hold has no finding in a private hierarchy', { entries: [entry(thisUpdate, 6)] }, []],
    ['without nextUpdate is flagged', { nextUpdate: undefined }, ['crl-next-update-present']],
    ['that ends before it begins is flagged', { nextUpdate: thisUpdate - 1_000 }, ['crl-time-order']],
    ['that lasts ten days less a second has no finding', { nextUpdate: thisUpdate + 10 * day - 1_000 }, []],
    [
      'that lasts ten days, both ends counted one second more, is flagged',
      { nextUpdate: thisUpdate + 10 * day },
      ['crl-lifetime'],
    ],
    ['with a negative number is flagged', { number: der.integer(-1) }, ['crl-number-range']],
    ['with a number of 20 octets has no finding', { number: der.integer(2n ** 159n - 1n) }, []],
    ['with a number of 21 octets is flagged', { number: der.integer(2n ** 159n) }, ['crl-number-range']],
  ] as const) {
    test(`a CRL ${title}`, () => assert.deepEqual(rulesFound(tbs(parts)).rules, rules))
  }

  test('a hold is flagged at public strictness', () => {
    assert.deepEqual(rulesFound(tbs({ entries: [entry(thisUpdate, 6)] }), 'public-tls').rules, [
      'crl-reason-code',
    ])
  })

  test('a long CRL is read in steps', () => {
    const entries = new Array<Uint8Array>(25_000).fill(entry(thisUpdate, 1))
    assert.deepEqual(rulesFound(tbs({ entries })), { rules: [], pauses: 2 })
  })

  test('a CRL that is cut short is a finding, not an exception', () => {
    const whole = tbs({ entries: [entry(thisUpdate)] })
    for (let length = 0; length < whole.length; length += 1) {
      assert.deepEqual(rulesFound(whole.subarray(0, length)).rules, ['crl-structure'])
    }
  })
})
