import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isFault } from '../faults.ts'
import { enabledProducts } from './catalogue.ts'
import { determineProduct, type TypeHint } from './determine-product.ts'

function outcome(
  hint: TypeHint | undefined,
  names: readonly string[],
  disabledProducts: readonly string[] = [],
) {
  try {
    return determineProduct(enabledProducts({ disabledProducts }), hint, names).nameId
  } catch (error) {
    if (!isFault(error, 'product_ambiguous')) throw error
    return error.detail.candidates
  }
}

describe('the product of a hint', () => {
  for (const [title, hint, names, expected] of [
    ['no hint and one name is organization validation', undefined, ['a.example.com'], 'ssl_plus'],
    ['one name is for the narrowest product', 'ov', ['a.example.com'], 'ssl_plus'],
    ['a www pair counts as one name', 'ov', ['example.com', 'www.example.com'], 'ssl_plus'],
    [
      'two names are for a multi-domain product',
      'ov',
      ['a.example.com', 'b.example.com'],
      'ssl_multi_domain',
    ],
    ['a wildcard is for a wildcard product', 'ov', ['*.example.com'], 'ssl_wildcard'],
    ['a wildcard and what is below it as well', 'ov', ['*.example.com', 'a.b.example.com'], 'ssl_wildcard'],
    [
      'a wildcard beside another domain needs a mix',
      'ov',
      ['*.example.com', 'example.net'],
      'ssl_cloud_wildcard',
    ],
    [
      'a wildcard that is not first needs a mix',
      'ov',
      ['example.com', '*.example.com'],
      'ssl_cloud_wildcard',
    ],
    ['extended validation of one name', 'ev', ['example.com'], 'ssl_ev_plus'],
    ['extended validation of two names', 'ev', ['a.example.com', 'b.example.com'], 'ssl_ev_multi_domain'],
    ['extended validation has no wildcards', 'ev', ['*.example.com'], []],
    ['private, an internal name', 'private', ['db.corp'], 'private_ssl_plus'],
    ['private, a mix', 'private', ['*.corp', '10.0.0.1'], 'private_ssl_flex'],
    ['wildcard without a wildcard contradicts itself', 'wildcard', ['a.example.com'], []],
    ['wildcard with one', 'wildcard', ['*.example.com'], 'ssl_wildcard'],
    ['cloud takes one name', 'cloud', ['a.example.com'], 'ssl_cloud_wildcard'],
    ['grid is for hosts, not robots', 'grid', ['a.example.com'], 'grid_host_ssl'],
    ['two DV brands fit one name', 'dv', ['a.example.com'], ['ssl_dv_geotrust', 'ssl_dv_rapidssl']],
    ['one DV product fits several names', 'dv', ['a.example.com', 'b.example.com'], 'cloud_dv_geotrust'],
    ['no name at all fits nothing', 'ov', [], []],
  ] as const) {
    test(title, () => {
      assert.deepEqual(outcome(hint, names), expected)
    })
  }

  test('a disabled product leaves its place to the next one', () => {
    assert.equal(outcome('ov', ['a.example.com'], ['ssl_plus']), 'ssl_securesite')
    assert.equal(outcome('dv', ['a.example.com'], ['ssl_dv_geotrust']), 'ssl_dv_rapidssl')
    assert.equal(outcome('ov', ['a.example.com'], ['ssl_plus', 'ssl_securesite']), 'ssl_multi_domain')
  })

  test('250 names fit a product and 251 fit none', () => {
    const names = Array.from({ length: 251 }, (_, index) => `h${index}.example.com`)
    assert.equal(outcome('ov', names.slice(0, 250)), 'ssl_multi_domain')
    assert.deepEqual(outcome('ov', names), [])
  })
})
