import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { type BasicConstraints, encodeBasicConstraints, parseBasicConstraints } from './basic-constraints.ts'

const encodings: readonly (readonly [BasicConstraints, string])[] = [
  [{ cA: false }, '3000'],
  [{ cA: true }, '30030101ff'],
  [{ cA: true, pathLenConstraint: 0 }, '30060101ff020100'],
  [{ cA: true, pathLenConstraint: 255 }, '30070101ff020200ff'],
]
for (const [constraints, encoding] of encodings) {
  test(`V10 basicConstraints ${JSON.stringify(constraints)} are exactly ${encoding}`, () => {
    assert.equal(hex(encodeBasicConstraints(constraints, true).value), encoding)
    assert.deepEqual(parseBasicConstraints(unhex(encoding)), constraints)
  })
}

test('a path length needs cA and lies between 0 and 255', () => {
  const refusal = (constraints: BasicConstraints) =>
    refusalOf(() => encodeBasicConstraints(constraints, true))
  assert.equal(refusal({ cA: false, pathLenConstraint: 0 }), 'extension_malformed contradictory')
  assert.equal(refusal({ cA: true, pathLenConstraint: -1 }), 'extension_malformed out_of_range')
  assert.equal(refusal({ cA: true, pathLenConstraint: 256 }), 'extension_malformed out_of_range')
  assert.equal(refusal({ cA: true, pathLenConstraint: 0.5 }), 'extension_malformed out_of_range')
})

const malformed: readonly (readonly [string, string, string])[] = [
  ['a written cA FALSE', '3003010100', 'extension_malformed default_encoded'],
  ['a path length of 256', '30070101ff02020100', 'extension_malformed out_of_range'],
  ['a negative path length', '30060101ff0201ff', 'value_out_of_range'],
  ['a path length of nine octets', '300e0101ff0209010000000000000000', 'value_out_of_range'],
  ['a third field', '30080101ff0201000500', 'trailing_bytes'],
  ['bytes after them', '30030101ff00', 'trailing_bytes'],
  ['no octets', '', 'truncated'],
]
for (const [what, text, refusal] of malformed) {
  test(`basicConstraints with ${what} are refused`, () => {
    assert.equal(
      refusalOf(() => parseBasicConstraints(unhex(text))),
      refusal,
    )
  })
}
