import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takesLessThan } from '../../../test/support/quick.ts'
import { parseIssueValue } from './issue-value.ts'

test('issuer and parameters are read with white space and letter case as RFC 8659 section 4.2 has them', () => {
  const plain = { issuer: 'ca.example', parameters: [] }
  for (const text of ['ca.example', ' \tCA.Example\t ', 'ca.example;', 'ca.example ; ']) {
    assert.deepEqual(parseIssueValue(text), plain, text)
  }
  const parameters = [
    { tag: 'accounturi', value: 'https://ca.example/a=1' },
    { tag: 'x-y', value: '' },
  ]
  const text = 'ca.example; AccountURI = https://ca.example/a=1 ;x-y=;'
  assert.deepEqual(parseIssueValue(text), { issuer: 'ca.example', parameters })
})

test('an empty issuer names nobody', () => {
  for (const text of ['', ';', ' ; ']) {
    assert.deepEqual(parseIssueValue(text), { issuer: undefined, parameters: [] }, text)
  }
  assert.equal(parseIssueValue(';a=b')?.issuer, undefined)
})

test('what breaks the grammar is not read', () => {
  for (const text of [
    ...[
      'ca..example',
      '-ca.example',
      'ca-.example',
      'ca_1.example',
      'ca.example.',
      'ca.example other.example',
    ],
    ...[
      '%%%%',
      'ca.example; noequals',
      'ca.example; a=b c',
      'ca.example; =b',
      'ca.example;;',
      'ca.example; a=é',
    ],
    ...['ca.example; a b=c', 'ca.example\u00a0', 'ca.example; -a=b'],
  ]) {
    assert.equal(parseIssueValue(text), undefined, text)
  }
})

test('X4 64 KiB made to hurt patterns are read in under 50 ms', async () => {
  const longest = 65_000
  for (const text of [
    'a-'.repeat(longest / 2),
    'a.'.repeat(longest / 2),
    `a${'-'.repeat(longest)}`,
    `a${' '.repeat(longest)}b`,
    `a; b=${'\t'.repeat(longest)}c d`,
    `a; ${'b-'.repeat(longest / 2)}=c`,
  ]) {
    await takesLessThan(50, () => assert.equal(parseIssueValue(text), undefined), text.slice(0, 10))
  }
})
