import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DocumentReader, DocumentUnsound } from './document.ts'

const sound = {
  text: 'a',
  integer: -1,
  number: 1.5,
  flag: false,
  member: 'red',
  texts: ['a'],
  integers: [1],
  members: ['red'],
  list: [{ text: 'b' }],
  object: { text: 'c' },
}

const colours = ['red', 'green'] as const

function readAll(document: unknown) {
  const read = new DocumentReader(document, 'thing')
  return {
    text: read.text('text'),
    integer: read.integer('integer'),
    number: read.number('number'),
    flag: read.flag('flag'),
    member: read.member('member', colours),
    texts: read.texts('texts'),
    integers: read.integers('integers'),
    members: read.members('members', colours),
    list: read.list('list', (item) => ({ text: item.text('text') })),
    object: read.object('object', (object) => ({ text: object.text('text') })),
  }
}

test('a sound document is read as it is', () => {
  assert.deepEqual(readAll(sound), sound)
})

test('null is read where a member may be absent', () => {
  const read = new DocumentReader({ text: null, object: null }, 'thing')
  assert.equal(read.textOrNull('text'), null)
  assert.equal(read.textOrNull('later'), null, 'stored before there was such a member')
  assert.equal(read.integerOrNull('text'), null)
  assert.equal(read.memberOrNull('text', colours), null)
  assert.equal(
    read.objectOrNull('object', (object) => object),
    null,
  )
  assert.deepEqual([read.has('text'), read.has('other'), read.has('constructor')], [true, false, false])
})

test('a member that is absent, null or of another form is refused by its name', () => {
  const wrong: { readonly [Name in keyof typeof sound]: readonly unknown[] } = {
    text: [1, ['a']],
    integer: ['1', 1.5, 2 ** 53, Number.NaN],
    number: ['1', Number.POSITIVE_INFINITY],
    flag: [0, 'true'],
    member: ['blue', '', 0, 'constructor'],
    texts: ['a', [1], [null], { 0: 'a' }],
    integers: [1, ['1'], [1.5]],
    members: ['red', ['blue'], [['red']]],
    list: [{ text: 'b' }, [1], [null], [{}], [[]]],
    object: ['c', [], {}, { text: 1 }],
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of [undefined, null, ...values]) {
      assert.throws(
        () => readAll({ ...sound, [name]: value }),
        (error) => error instanceof DocumentUnsound && error.message.includes(`thing ${name}`),
        `${name} ${JSON.stringify(value)}`,
      )
    }
  }
})

test('what is not an object is refused', () => {
  for (const document of [undefined, null, 1, 'a', true, [sound]]) {
    assert.throws(() => new DocumentReader(document, 'thing'), DocumentUnsound)
  }
})
