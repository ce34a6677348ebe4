import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routedTarget } from './request-target.ts'

const cases: readonly (readonly [string, string])[] = [
  ['/api/v1/connect', '/api/v1/connect'],
  ['/api/v1//connect', '/api/v1/connect'],
  ['//api///v1/connect//', '/api/v1/connect/'],
  ['/a?b=//c', '/a?b=//c'],
  ['//a?b=//c', '/a?b=//c'],
  ['/ocsp/7/MEk//wa', '/ocsp/7/MEk//wa'],
  ['//ocsp//7//MEk//wa', '/ocsp/7/MEk//wa'],
  ['/ocsp//7', '/ocsp/7'],
  ['http://ca.example/a//b', '/a/b'],
  ['HTTP://ca.example', '/'],
  ['*', '*'],
]
for (const [target, routed] of cases) {
  test(`the target ${target} is routed as ${routed}`, () => assert.equal(routedTarget(target), routed))
}

test('percent signs that mean nothing stand for themselves, in the path alone', () => {
  assert.equal(routedTarget('/a/%zz?x=%zz'), '/a/%25zz?x=%zz')
  assert.equal(routedTarget('/a/%ff'), '/a/%25ff')
  assert.equal(routedTarget('/a/%'), '/a/%25')
  assert.equal(routedTarget('/a/%41%C3%A9?b=%'), '/a/%41%C3%A9?b=%')
})
