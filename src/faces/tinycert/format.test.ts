import assert from 'node:assert/strict'
import { test } from 'node:test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { json, xml } from './format.ts'
import type { Fields } from './reply.ts'

const details: Fields = {
  id: 41,
  C: 'NL',
  ST: '',
  CN: '*.example.test',
  Alt: [
    { type: 'DNS', value: '*.example.test' },
    { type: 'IP', value: '::1' },
    { type: 'DNS', value: 'b.example.test' },
  ],
}

test('JSON keeps the order of members, numbers as numbers and alternative names as one-key objects', () => {
  assert.equal(
    json.object(details),
    '{"id":41,"C":"NL","ST":"","CN":"*.example.test","Alt":[{"DNS":"*.example.test"},{"IP":"::1"},{"DNS":"b.example.test"}]}',
  )
  assert.equal(json.object({}), '{}')
  assert.equal(json.object({ Alt: [] }), '{"Alt":[]}')
  assert.equal(json.error({ code: 'NotFound', text: 'a "b"' }), '{"code":"NotFound","text":"a \\"b\\""}')
})

test('XML has one element for each member and one child for each alternative name', () => {
  assert.equal(
    xml.object(details),
    '<?xml version="1.0" encoding="UTF-8"?>\n<response><id>41</id><C>NL</C><ST/><CN>*.example.test</CN>' +
      '<Alt><DNS>*.example.test</DNS><IP>::1</IP><DNS>b.example.test</DNS></Alt></response>',
  )
  assert.equal(xml.object({}), '<?xml version="1.0" encoding="UTF-8"?>\n<response/>')
  assert.equal(
    xml.error({ code: 'NotFound', text: 'x' }),
    '<?xml version="1.0" encoding="UTF-8"?>\n<error><code>NotFound</code><text>x</text></error>',
  )
})

test('XML rows carry the name of their kind', () => {
  assert.equal(xml.list.row('cert', { id: 1, name: 'a' }), '<cert><id>1</id><name>a</name></cert>')
  assert.equal(json.list.row('cert', { id: 1, name: 'a' }), '{"id":1,"name":"a"}')
})

test('text with markup, quotes and characters outside XML stays well-formed and reads back', () => {
  const hostile = `<a href="x">&amp;'</a>]]> é日本\u0000\u0008\ud800\ufffe<!--`
  const text = xml.object({ O: hostile })
  assert.equal(XMLValidator.validate(text), true)
  const parsed: unknown = new XMLParser({ trimValues: false }).parse(text)
  assert.ok(typeof parsed === 'object' && parsed !== null && 'response' in parsed)
  assert.deepEqual(parsed.response, { O: `<a href="x">&amp;'</a>]]> é日本\ufffd\ufffd\ufffd\ufffd<!--` })
})
