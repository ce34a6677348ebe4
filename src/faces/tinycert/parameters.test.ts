import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '../../core/faults.ts'
import { encodeName } from '../../pki/names.ts'
import { readAlternativeNames } from './alternative-names.ts'
import { decodeFields, type FormFields, splitPairs } from './form.ts'
import { optionalText, requiredId, requiredText, requirePresent } from './parameters.ts'
import { readSubject, showSubject } from './subject.ts'

const fields = (text: string): FormFields => {
  const bytes = Buffer.from(text)
  return decodeFields(bytes, splitPairs(bytes))
}

function refusal(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (isFault(error, 'parameter_missing')) return `missing ${error.detail.parameter}`
    if (isFault(error, 'parameter_invalid')) return `${error.detail.parameter} ${error.detail.reason}`
    throw error
  }
  return 'accepted'
}

test('the first absent parameter is named; an empty one is present', () => {
  assert.equal(
    refusal(() => requirePresent(fields('a=1&b='), ['a', 'b', 'c', 'd'])),
    'missing c',
  )
})

test('a required text must not be empty or nested, an optional one may be empty', () => {
  const given = fields('a=&b[c]=1&d=x')
  assert.equal(
    refusal(() => requiredText(given, 'a')),
    'a empty',
  )
  assert.equal(
    refusal(() => requiredText(given, 'b')),
    'b not-text',
  )
  assert.equal(
    refusal(() => requiredText(given, 'z')),
    'missing z',
  )
  assert.equal(requiredText(given, 'd'), 'x')
  assert.equal(optionalText(given, 'a'), '')
  assert.equal(optionalText(given, 'z'), '')
  assert.equal(
    refusal(() => optionalText(given, 'b')),
    'b not-text',
  )
})

test('identifiers are decimal; those beyond 32 bits belong to nothing', () => {
  const id = (text: string) => requiredId(fields(`id=${text}`), 'id')
  assert.equal(id('41'), 41)
  assert.equal(id('0'), 0)
  assert.equal(id('2147483647'), 2_147_483_647)
  assert.equal(id('2147483648'), null)
  assert.equal(id('9'.repeat(20)), null)
  for (const text of ['9'.repeat(21), '-1', '+1', '1.0', '1e3', '0x10', 'abc', '%31%20', '%D9%A1', "1'--"]) {
    assert.equal(
      refusal(() => id(text)),
      'id not-an-id',
      text,
    )
  }
})

test('alternative names come in the order of their numbers, gaps and several types allowed', () => {
  const text =
    'SANs[10][DNS]=k&SANs[2][IP]=::1&SANs[2][DNS]=c&SANs[0][email]=a@b.test&SANs[7][URI]=example.com'
  assert.deepEqual(readAlternativeNames(fields(text)), [
    { type: 'email', value: 'a@b.test', parameter: 'SANs[0][email]' },
    { type: 'ip', value: '::1', parameter: 'SANs[2][IP]' },
    { type: 'dns', value: 'c', parameter: 'SANs[2][DNS]' },
    { type: 'uri', value: 'example.com', parameter: 'SANs[7][URI]' },
    { type: 'dns', value: 'k', parameter: 'SANs[10][DNS]' },
  ])
  assert.deepEqual(readAlternativeNames(fields('CN=x')), [])
})

test('alternative names out of form are refused by name', () => {
  const cases = [
    ['SANs=', 'SANs names-empty'],
    ['SANs', 'SANs names-empty'],
    ['SANs=x', 'SANs names-form'],
    ['SANs[0]=x', 'SANs[0] names-form'],
    ['SANs[]=x', 'SANs[] names-form'],
    ['SANs[][DNS]=x', 'SANs[] names-form'],
    ['SANs[DNS][0]=x', 'SANs[DNS] names-form'],
    ['SANs[-1][DNS]=x', 'SANs[-1] names-form'],
    ['SANs[00][DNS]=x', 'SANs[00] names-form'],
    ['SANs[1000000000][DNS]=x', 'SANs[1000000000] names-form'],
    ['SANs[0][dns]=x', 'SANs[0][dns] name-type'],
    ['SANs[0][RID]=x', 'SANs[0][RID] name-type'],
    ['SANs[0][__proto__]=x', 'SANs[0][__proto__] name-type'],
    ['SANs[0][DNS]=', 'SANs[0][DNS] empty'],
  ] as const
  for (const [text, expected] of cases) {
    assert.equal(
      refusal(() => readAlternativeNames(fields(text))),
      expected,
      text,
    )
  }
})

test('subject attributes are read in the order of certificates and shown with what is absent empty', () => {
  const subject = readSubject(fields('CN=a+b&O=o&L=&C=NL&OU=ignored'), ['C', 'CN', 'O'], ['L', 'ST'])
  assert.deepEqual(
    subject.map(({ parameter, value }) => [parameter, value]),
    [
      ['C', 'NL'],
      ['O', 'o'],
      ['CN', 'a b'],
    ],
  )
  assert.deepEqual(showSubject(encodeName(subject)), { C: 'NL', ST: '', L: '', O: 'o', OU: '', CN: 'a b' })
  assert.equal(
    refusal(() => readSubject(fields('C=NL&CN=a'), ['C', 'CN', 'O'], [])),
    'missing O',
  )
  assert.equal(
    refusal(() => readSubject(fields('C=NL&CN=&O=o'), ['C', 'CN', 'O'], [])),
    'CN empty',
  )
})
