import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { encodeName } from '../names.ts'
import { oids } from '../oids.ts'
import { encodeNameConstraints, type NameConstraints, parseNameConstraints } from './name-constraints.ts'

const constraints: NameConstraints = {
  permitted: [
    { type: 'dns', value: 'a.test' },
    { type: 'ip', bytes: unhex('0a000000ff000000') },
  ],
  excluded: [
    { type: 'email', value: '.b.test' },
    { type: 'directory', der: encodeName([{ type: oids.countryName, value: 'JP' }]) },
  ],
}

test('name constraints are critical and read back', () => {
  const { value, critical } = encodeNameConstraints(constraints)
  assert.equal(critical, true)
  assert.equal(
    hex(value),
    '3038a01630088206612e74657374300a87080a000000ff000000a11e300981072e622e746573743011a40f300d310b3009060355040613024a50',
  )
  assert.deepEqual(parseNameConstraints(value), constraints)
})

test('one list may be missing but not both', () => {
  const { permitted } = constraints
  assert.deepEqual(parseNameConstraints(encodeNameConstraints({ permitted, excluded: [] }).value), {
    permitted,
    excluded: [],
  })
  assert.equal(
    refusalOf(() => encodeNameConstraints({ permitted: [], excluded: [] })),
    'extension_malformed empty',
  )
})

test('every prefix length is a mask, and the empty dNSName stands for all names', () => {
  for (const mask of ['00000000', '80000000', 'fe000000', 'ffffffff', 'fffffff8']) {
    const { value } = encodeNameConstraints({
      permitted: [{ type: 'ip', bytes: unhex(`00000000${mask}`) }],
      excluded: [{ type: 'dns', value: '' }],
    })
    assert.equal(parseNameConstraints(value).permitted.length, 1)
  }
})

const malformed: readonly (readonly [string, string, string])[] = [
  ['nothing in them', '3000', 'extension_malformed empty'],
  ['an empty list', '3002 a000', 'extension_malformed empty'],
  ['a written minimum', '300a a008 3006 820161 800100', 'extension_malformed unsupported'],
  ['a maximum', '300a a008 3006 820161 810101', 'extension_malformed unsupported'],
  ['an address without mask', '300a a008 3006 87040a000000', 'ip_address_length_invalid'],
  ['a mask with a hole', '300e a00c 300a 87080a000000ff00ff00', 'extension_malformed out_of_range'],
  [
    'a mask with a hole inside an octet',
    '300e a00c 300a 87080a000000ffa00000',
    'extension_malformed out_of_range',
  ],
  ['a third list', '3009 a205 3003 820161 0500', 'trailing_bytes'],
]
for (const [what, text, refusal] of malformed) {
  test(`name constraints with ${what} are refused`, () => {
    assert.equal(
      refusalOf(() => parseNameConstraints(unhex(text))),
      refusal,
    )
  })
}

test('a mask of another size is not written', () => {
  for (const bytes of ['0a000000', '0a000000ff00000000', '0a000000ff00ff00']) {
    assert.equal(
      refusalOf(() =>
        encodeNameConstraints({ permitted: [{ type: 'ip', bytes: unhex(bytes) }], excluded: [] }),
      ),
      'extension_malformed out_of_range',
    )
  }
})
