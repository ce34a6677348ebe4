import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { takesLessThan } from '../../../../test/support/quick.ts'
import { oids } from '../../../pki/oids.ts'
import { isFault } from '../../faults.ts'
import { countryCodeCount } from './country-codes.ts'
import { checkCommonName, checkSubject } from './subject.ts'

const allowed = [
  oids.countryName,
  oids.stateOrProvinceName,
  oids.localityName,
  oids.organizationName,
  oids.organizationalUnitName,
  oids.commonName,
  oids.serialNumber,
  oids.emailAddress,
]

function outcome(type: string, value: string): string {
  try {
    const [attribute] = checkSubject([{ type, value, parameter: 'X' }], allowed)
    return attribute?.value ?? ''
  } catch (error) {
    if (!isFault(error, 'name_refused')) throw error
    return `! ${error.detail.defect}`
  }
}

describe('subject attributes', () => {
  for (const [title, type, value, expected] of [
    ['a country is accepted', oids.countryName, 'NL', 'NL'],
    ['N16 "UK" is refused', oids.countryName, 'UK', '! country'],
    ['N16 "us" is refused', oids.countryName, 'us', '! country'],
    ['N16 "USA" is refused', oids.countryName, 'USA', '! country'],
    ['N16 "XX" is refused', oids.countryName, 'XX', '! country'],
    ['a country of 100 KB is refused', oids.countryName, 'N'.repeat(100_000), '! country'],
    ['64 characters of organization are accepted', oids.organizationName, 'ö'.repeat(64), 'ö'.repeat(64)],
    ['65 characters of organization are refused', oids.organizationName, 'o'.repeat(65), '! too-long'],
    ['64 characters outside the basic plane are accepted', oids.commonName, '🔑'.repeat(64), '🔑'.repeat(64)],
    ['128 characters of locality are accepted', oids.localityName, 'l'.repeat(128), 'l'.repeat(128)],
    ['129 characters of locality are refused', oids.localityName, 'l'.repeat(129), '! too-long'],
    ['free text with spaces is accepted', oids.commonName, 'Alice & Bob @ work_*', 'Alice & Bob @ work_*'],
    ['text is put into form C', oids.localityName, 'Zu\u0308rich', 'Zürich'],
    ['an empty value is refused', oids.organizationName, '', '! empty'],
    ['K25 a NUL is refused', oids.commonName, 'www.example.com\0.evil.test', '! control-character'],
    ['K25 a line feed is refused', oids.organizationName, 'a\nb', '! control-character'],
    ['K25 a C1 control is refused', oids.organizationName, 'a\u0085b', '! control-character'],
    ['a lone surrogate is refused', oids.organizationName, 'a\ud800', '! character'],
    ['a serial number outside PrintableString is refused', oids.serialNumber, 'a_b', '! character'],
    ['a mail address outside ASCII is refused', oids.emailAddress, 'ü@example.com', '! character'],
    ['N15 an attribute the profile does not have is refused', oids.title, 'Dr', '! type-not-allowed'],
  ] as const) {
    test(title, () => assert.equal(outcome(type, value), expected))
  }

  test('an attribute that comes twice is refused, a second organizational unit is not', () => {
    const twice = (type: string) => ['a', 'b'].map((value) => ({ type, value, parameter: 'X' }))
    assert.throws(
      () => checkSubject(twice(oids.organizationName), allowed),
      (error) => isFault(error, 'name_refused'),
    )
    assert.equal(checkSubject(twice(oids.organizationalUnitName), allowed).length, 2)
  })

  test('X4 values of 100 KB are refused in under 50 ms', async () => {
    for (const character of ['a', '\u0308', '🔑', '\\', ' ']) {
      const value = character.repeat(50_000)
      await takesLessThan(50, () => assert.equal(outcome(oids.commonName, value), '! too-long'))
    }
  })

  test('ISO 3166-1 has 249 codes', () => assert.equal(countryCodeCount, 249))
})

describe('common names that must be alternative names', () => {
  const names = [
    { type: 'dns', value: 'www.example.com' },
    { type: 'ip', bytes: Uint8Array.of(0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11) },
    { type: 'email', value: 'alice@example.com' },
  ] as const
  const commonName = (value: string) =>
    checkCommonName({ type: oids.commonName, value, parameter: 'CN' }, names)

  test('N12 the common name becomes the exact copy of an alternative name', () => {
    assert.equal(commonName('www.example.com'), 'www.example.com')
    assert.equal(commonName('WWW.example.com'), 'www.example.com')
    assert.equal(commonName('2606:4700:0:0::1111'), '2606:4700::1111')
  })

  test('N12 a common name that is no alternative name is refused', () => {
    for (const value of ['example.com', 'alice@example.com', '8.8.8.8', 'www.example.com ']) {
      assert.throws(
        () => commonName(value),
        (error) => isFault(error, 'name_refused') && JSON.stringify(error.detail).includes('not-among'),
      )
    }
  })
})
