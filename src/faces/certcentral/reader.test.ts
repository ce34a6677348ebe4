import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Reader } from './reader.ts'
import { Refusal } from './refusal.ts'

function complaintsOf(reader: Reader): readonly string[] {
  try {
    reader.check()
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.complaints.map(({ code, about }) => (about === undefined ? code : `${code}:${about}`))
  }
}

/** What a reading gives and what it complains of. */
function reading<Value>(members: Record<string, unknown>, read: (reader: Reader) => Value) {
  const reader = new Reader(members)
  const value = read(reader)
  return [value, complaintsOf(reader)] as const
}

test('null, the empty text and blanks are absence', () => {
  for (const value of [null, '', '  ', undefined]) {
    assert.deepEqual(
      reading({ a: value }, (reader) => [
        reader.text('a'),
        reader.integer('a'),
        reader.flag('a'),
        reader.day('a'),
      ]),
      [[undefined, undefined, undefined, undefined], []],
    )
    assert.deepEqual(reading({ a: value }, (reader) => reader.requiredText('a'))[1], ['required_param:a'])
  }
})

test('ids are numbers or their texts; 0 is none, and nothing past 31 bits is one', () => {
  const id = (value: unknown) => reading({ a: value }, (reader) => reader.id('a'))
  for (const [value, wanted] of [
    [7, 7],
    ['7', 7],
    [' 7 ', 7],
    [2147483647, 2147483647],
    [0, undefined],
    ['0', undefined],
    [null, undefined],
  ] as const) {
    assert.deepEqual(id(value), [wanted, []], String(value))
  }
  for (const value of [2147483648, -1, 1.5, '1.5', 'x', true, {}, [1], '99999999999999999999', Number.NaN]) {
    assert.deepEqual(id(value)[1], ['invalid_value:a'], String(value))
  }
  assert.deepEqual(reading({ a: 0 }, (reader) => reader.requiredId('a'))[1], ['required_param:a'])
})

test('an object with an id may be that id itself', () => {
  const idOf = (value: unknown) => reading({ a: value }, (reader) => reader.requiredIdOf('a'))
  assert.deepEqual(idOf({ id: '45' }), [45, []])
  assert.deepEqual(idOf(2), [2, []])
  for (const value of [undefined, {}, { id: 0 }, 0]) {
    assert.deepEqual(idOf(value)[1], ['required_param:a.id'], JSON.stringify(value))
  }
  assert.deepEqual(idOf({ id: 'x' })[1], ['invalid_value:a.id'])
})

test('choices ignore letter case and give the word of the contract', () => {
  const choice = (value: unknown) =>
    reading({ a: value }, (reader) => reader.choice('a', ['canceled', 'zh_CN']))
  assert.deepEqual(choice('CANCELED'), ['canceled', []])
  assert.deepEqual(choice('zh_cn'), ['zh_CN', []])
  assert.deepEqual(choice('other')[1], ['invalid_value:a'])
  assert.deepEqual(choice(['canceled'])[1], ['invalid_value:a'])
})

test('of several spellings the first that is there counts', () => {
  const members = { comment: '', Comment: 'x' }
  const [value] = reading(members, (reader) => reader.text(reader.spelling('comments', 'comment', 'Comment')))
  assert.equal(value, 'x')
  const [, told] = reading({}, (reader) => reader.requiredText(reader.spelling('comments', 'comment')))
  assert.deepEqual(told, ['required_param:comments'])
})

test('control characters, angle brackets, NUL and halves of characters are invalid_chars', () => {
  for (const value of ['a<b', 'a>b', 'a\u0000', 'a\u001b', 'a\u007f', 'a\nb', 'a\ud800']) {
    assert.deepEqual(reading({ a: value }, (reader) => reader.text('a'))[1], ['invalid_chars:a'])
  }
  assert.deepEqual(
    reading({ a: 'a\n\tb' }, (reader) => reader.text('a', { multiline: true })),
    ['a\n\tb', []],
  )
  assert.deepEqual(
    reading({ a: '<\u0001>' }, (reader) => reader.text('a', { anyCharacter: true })),
    ['<\u0001>', []],
  )
  assert.deepEqual(reading({ a: 'x\0' }, (reader) => reader.text('a', { anyCharacter: true }))[1], [
    'invalid_chars:a',
  ])
})

test('days may carry a time, and have to exist', () => {
  const day = (value: unknown) => reading({ a: value }, (reader) => reader.day('a'))
  assert.deepEqual(day('2031-03-01'), ['2031-03-01', []])
  assert.deepEqual(day('2031-03-01T08:00:00Z'), ['2031-03-01', []])
  for (const value of ['2031-02-29', '2031-3-1', '01.03.2031', 'x', 5]) {
    assert.deepEqual(day(value)[1], ['invalid_value:a'], String(value))
  }
})

test('addresses are told by their own code, in lists without a parameter', () => {
  assert.deepEqual(reading({ a: 'no' }, (reader) => reader.requiredEmail('a'))[1], [
    'email_not_valid_email_format:a',
  ])
  assert.deepEqual(
    reading({ a: ['a@b.example', 'no', null] }, (reader) => reader.emails('a')),
    [['a@b.example'], ['email_not_valid_email_format:a.1']],
  )
})

test('nested names are dotted, with places in lists, and each is complained of once', () => {
  const members = {
    certificate: { csr: '' },
    custom_fields: [{ value: '<' }, 5, { value: {} }],
    names: [1, {}, ''],
  }
  const reader = new Reader(members)
  reader.object('certificate').requiredText('csr')
  reader.object('certificate').requiredText('csr')
  reader.object('organization').requiredId('id')
  assert.deepEqual(complaintsOf(reader), ['required_param:certificate.csr', 'required_param:organization.id'])
  const values = new Reader(members)
  for (const field of values.objects('custom_fields')) field.requiredText('value')
  values.texts('names')
  values.ids('names')
  values.object('names')
  assert.deepEqual(complaintsOf(values), [
    'invalid_value:custom_fields.1',
    'invalid_chars:custom_fields.0.value',
    'invalid_value:custom_fields.2.value',
    'invalid_value:names.1',
    'invalid_value:names.2',
    'invalid_value:names',
  ])
})

test('a complaint about one name hides no other that begins like it', () => {
  const reader = new Reader({ name_id: 'x' })
  reader.id('name_id')
  reader.requiredText('name')
  assert.deepEqual(complaintsOf(reader), ['required_param:name'])
})

test('what is no object is complained of itself, not of what would be in it', () => {
  for (const wrong of ['x', [], 5]) {
    const reader = new Reader({ certificate: wrong })
    const certificate = reader.object('certificate')
    certificate.requiredText('csr')
    certificate.object('organization').requiredId('id')
    certificate.require('emails')
    reader.requiredText('certificate_id')
    assert.deepEqual(complaintsOf(reader), ['required_param:certificate_id'])
    const alone = new Reader({ certificate: wrong })
    alone.object('certificate').requiredText('csr')
    assert.deepEqual(complaintsOf(alone), ['invalid_value:certificate'])
  }
})

test('a required list needs one value at least', () => {
  for (const value of [undefined, null, [], [''], [null]]) {
    assert.deepEqual(reading({ a: value }, (reader) => reader.requiredTexts('a'))[1], ['required_param:a'])
  }
  assert.deepEqual(reading({ a: 'x' }, (reader) => reader.requiredTexts('a'))[1], ['invalid_value:a'])
})

test('P18 members that every object has are not there unless they were sent', () => {
  const [value, told] = reading({}, (reader) => [
    reader.has('constructor'),
    reader.text('toString'),
    reader.object('__proto__').text('x'),
  ])
  assert.deepEqual([value, told], [[false, undefined, undefined], []])
})

test('lists of addresses and ids are taken up to their bound, and refused one past it', () => {
  const emails = Array.from({ length: 3 }, (_, n) => `a${n}@example.com`)
  assert.deepEqual(
    reading({ a: emails }, (reader) => reader.emails('a', 3)),
    [emails, []],
  )
  assert.deepEqual(
    reading({ a: emails }, (reader) => reader.emails('a', 2)),
    [[], ['invalid_value:a']],
  )
  assert.deepEqual(
    reading({ a: [1, 2, 3] }, (reader) => reader.ids('a', 2)),
    [[], ['invalid_value:a']],
  )
})
