import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf } from './csv.ts'

test('columns are those of all items, in the order they come up', () => {
  assert.equal(
    csvOf([
      { id: 1, certificate: { id: 2, dns_names: ['a', 'b'] } },
      { id: 3, status: 'issued', gone: undefined, none: null },
    ]),
    'id,certificate.id,certificate.dns_names,status\r\n1,2,a b,\r\n3,,,issued\r\n',
  )
})

test('commas, quotes and line ends are quoted', () => {
  assert.equal(csvOf([{ a: 'x,y', b: '"', c: 'l\r\nm', d: true }]), 'a,b,c,d\r\n"x,y","""","l\r\nm",true\r\n')
})

test('texts that a spreadsheet would run are made texts, numbers are left alone', () => {
  const items = [{ a: '=1+1', b: '+43 1', c: '-x', d: '@sum', e: '\tx', f: -5, g: 'a=b' }]
  assert.equal(csvOf(items), "a,b,c,d,e,f,g\r\n'=1+1,'+43 1,'-x,'@sum,'\tx,-5,a=b\r\n")
})

test('an empty list is an empty line of names', () => {
  assert.equal(csvOf([]), '\r\n')
})
