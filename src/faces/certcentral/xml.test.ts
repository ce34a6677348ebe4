import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from './refusal.ts'
import { readXml, singular, xmlOf } from './xml.ts'

const read = (text: string): unknown => JSON.parse(JSON.stringify(readXml(text)))
const isRefused = (error: unknown) =>
  error instanceof Refusal && error.complaints[0].code === 'bad_request_format'

test('what is written as XML is read back, values as texts', () => {
  const members = {
    id: 5,
    is_active: true,
    name: 'a < b & "c"',
    dns_names: ['a.example', 'b.example'],
    addresses: ['x'],
    companies: [{ id: 1 }, { id: 2 }],
    statuses: [],
    certificate: { csr: 'line\nline', organization: { id: 7 } },
    absent: undefined,
    nothing: null,
  }
  assert.deepEqual(read(xmlOf('response', members)), {
    id: '5',
    is_active: 'true',
    name: 'a < b & "c"',
    dns_names: ['a.example', 'b.example'],
    addresses: ['x'],
    companies: [{ id: '1' }, { id: '2' }],
    statuses: '',
    certificate: { csr: 'line\nline', organization: { id: '7' } },
    nothing: '',
  })
})

test('one value of a list is called by its singular', () => {
  for (const [plural, one] of [
    ['errors', 'error'],
    ['dns_names', 'dns_name'],
    ['addresses', 'address'],
    ['properties', 'property'],
    ['metadata', 'item'],
    ['hash', 'item'],
  ] as const) {
    assert.equal(singular(plural), one)
  }
})

test('lists are told by repetition, by the singular and by item', () => {
  assert.deepEqual(read('<r><a>1</a><a>2</a><a>3</a></r>'), { a: ['1', '2', '3'] })
  assert.deepEqual(read('<r><emails><email>x</email></emails></r>'), { emails: ['x'] })
  assert.deepEqual(read('<r><metadata><item><id>1</id></item></metadata></r>'), { metadata: [{ id: '1' }] })
  assert.deepEqual(read('<r><names><name>x</name><other>y</other></names></r>'), {
    names: { name: 'x', other: 'y' },
  })
})

test('an empty document has no members, and attributes are left out', () => {
  assert.deepEqual(read('<request/>'), {})
  assert.deepEqual(read('<request>\n</request>'), {})
  assert.deepEqual(read('<r a="1"><b c="2">d</b></r>'), { b: 'd' })
  assert.deepEqual(read('<r><b><![CDATA[<d>]]></b></r>'), { b: '<d>' })
})

test('characters by their number and the five names are read, but not in CDATA', () => {
  const csr = '-----BEGIN CERTIFICATE REQUEST-----&#xD;\nMIHM&#13;&#10;-----END CERTIFICATE REQUEST-----'
  assert.deepEqual(
    read(`<r><a>S&#246;hne &#x1D4B3; &amp;amp; &lt;&quot;&apos;&gt;</a><csr>${csr}</csr></r>`),
    {
      a: 'Söhne 𝒳 &amp; <"\'>',
      csr: '-----BEGIN CERTIFICATE REQUEST-----\r\nMIHM\r\n-----END CERTIFICATE REQUEST-----',
    },
  )
  assert.deepEqual(read('<r><a> b <![CDATA[&#65; & ]]> c<!-- d --> </a></r>'), { a: 'b &#65; &  c' })
})

test('references to what is no character, or to entities that nobody defined, are refused', () => {
  for (const reference of [
    '&#0;',
    '&#x1f;',
    '&#xD800;',
    '&#x110000;',
    '&#99999999;',
    '&#;',
    '&nbsp;',
    '&constructor;',
    '& ',
  ]) {
    assert.throws(() => readXml(`<r><a>b${reference}c</a></r>`), isRefused, reference)
  }
})

test('the outermost element is never a list, whatever it and its only child are called', () => {
  assert.deepEqual(read('<names><name>x</name></names>'), { name: 'x' })
})

test('line ends are read as they were written', () => {
  const text = 'a\r\nb\nc'
  assert.deepEqual(read(xmlOf('response', { text })), { text })
  assert.match(xmlOf('response', { text }), /<text>a&#13;\nb\nc<\/text>/)
})

test('what is no document, or defines a type or entities, is refused', () => {
  for (const text of [
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a>text</a>',
    '<!DOCTYPE a><a><b>c</b></a>',
    '<!doctype a [<!ENTITY b "c">]><a><b>&b;</b></a>',
  ]) {
    assert.throws(() => readXml(text), isRefused, text)
  }
})

test('nesting is taken to its depth and refused one step past it', () => {
  const nested = (depth: number) => `${'<a>'.repeat(depth)}x${'</a>'.repeat(depth)}`
  assert.doesNotThrow(() => readXml(nested(17)))
  assert.throws(() => readXml(nested(18)), isRefused)
})

test('characters that XML has no place for, and names that are none, do not break a document', () => {
  const written = xmlOf('response', { text: 'a\u0000b\ud800c', 'shop.example': 'x', '1 2': 'y' })
  assert.equal(
    written,
    '<?xml version="1.0" encoding="UTF-8"?>\n<response><text>a\ufffdb\ufffdc</text>' +
      '<shop.example>x</shop.example><_1_2>y</_1_2></response>',
  )
})
