import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { oids } from '../oids.ts'
import { encodeCertificatePolicies, parseCertificatePolicies } from './certificate-policies.ts'

test('policies are written with and without a CPS pointer and read back', () => {
  const { value, critical } = encodeCertificatePolicies([
    { policyIdentifier: '2.23.140.1.2.1' },
    { policyIdentifier: '1.2.3.4', cpsUri: 'http://a.test/cps' },
  ])
  assert.equal(critical, false)
  assert.equal(
    hex(value),
    '3032 3008060667810c010201 302606032a0304 301f301d 06082b06010505070201 1611687474703a2f2f612e746573742f637073'.replaceAll(
      ' ',
      '',
    ),
  )
  assert.deepEqual(parseCertificatePolicies(value), [
    { policyIdentifier: '2.23.140.1.2.1', qualifiers: [] },
    {
      policyIdentifier: '1.2.3.4',
      qualifiers: [
        {
          policyQualifierId: oids.cps,
          qualifierDer: unhex('1611687474703a2f2f612e746573742f637073'),
        },
      ],
    },
  ])
})

const malformed: readonly (readonly [string, string, string])[] = [
  ['no policy', '3000', 'extension_malformed empty'],
  ['an empty policy', '30023000', 'truncated'],
  ['an empty list of qualifiers', '3009 300706032a0304 3000', 'extension_malformed empty'],
  ['a qualifier without its value', '300e 300c06032a0304 3005 300306012a', 'truncated'],
]
for (const [what, text, refusal] of malformed) {
  test(`certificate policies with ${what} are refused`, () => {
    assert.equal(
      refusalOf(() => parseCertificatePolicies(unhex(text))),
      refusal,
    )
  })
}

test('no policy to assert is refused', () => {
  assert.equal(
    refusalOf(() => encodeCertificatePolicies([])),
    'extension_malformed empty',
  )
})
