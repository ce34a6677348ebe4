import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type FaultCode, isFault } from '../../faults.ts'
import { productOf } from '../catalogue.ts'
import { checkMethod } from './check-method.ts'
import { checkOrderNames } from './check-order-names.ts'
import { checkOrganizationUnits } from './check-organization-units.ts'
import { withFreeTwin } from './www-twin.ts'

const named = (values: readonly string[]) =>
  values.map((value, index) => ({ value, parameter: `names.${index}` }))

/** The code of the fault, with the name or count it is about; undefined when nothing is wrong. */
function refusal(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!isFault(error)) throw error
    const code: FaultCode = error.code
    const { detail } = error
    const about =
      'name' in detail
        ? detail.name
        : 'count' in detail
          ? detail.count
          : 'defect' in detail
            ? detail.defect
            : ''
    return `${code} ${about}`.trim()
  }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example.com`)

describe('names of an order', () => {
  for (const [title, product, names, expected] of [
    ['one name fits a product for one', 'ssl_plus', ['a.example.com'], undefined],
    ['the www twin fits beside it', 'ssl_plus', ['example.com', 'www.example.com'], undefined],
    ['the twin without www fits beside it', 'ssl_plus', ['www.example.com', 'example.com'], undefined],
    ['a repeated name counts once', 'ssl_plus', ['a.example.com', 'a.example.com'], undefined],
    ['two names do not fit', 'ssl_plus', ['a.example.com', 'b.example.com'], 'product_names_exceeded 2'],
    [
      'a third name beside the twin does not fit',
      'ssl_plus',
      ['example.com', 'www.example.com', 'a.example.com'],
      'product_names_exceeded 2',
    ],
    ['a wildcard is refused for one plain name', 'ssl_plus', ['*.example.com'], 'name_refused wildcard'],
    [
      'a wildcard is refused under EV',
      'ssl_ev_basic',
      ['a.example.com', '*.example.com'],
      'name_refused wildcard',
    ],
    ['250 names fit', 'ssl_multi_domain', numbered(250), undefined],
    ['251 names do not', 'ssl_multi_domain', numbered(251), 'product_names_exceeded 251'],
    [
      'a wildcard, its base and what is below fit',
      'ssl_wildcard',
      ['*.example.com', 'example.com', 'a.b.example.com'],
      undefined,
    ],
    ['a wildcard product needs a wildcard', 'ssl_wildcard', ['a.example.com'], 'name_refused wildcard'],
    [
      'another domain is foreign',
      'ssl_wildcard',
      ['*.example.com', 'example.net'],
      'wildcard_foreign_name example.net',
    ],
    [
      'a domain that only ends alike is foreign',
      'ssl_wildcard',
      ['*.example.com', 'badexample.com'],
      'wildcard_foreign_name badexample.com',
    ],
    [
      'the domain above is foreign',
      'ssl_wildcard',
      ['*.a.example.com', 'example.com'],
      'wildcard_foreign_name example.com',
    ],
    [
      'a second wildcard is foreign',
      'ssl_wildcard',
      ['*.example.com', '*.a.example.com'],
      'wildcard_foreign_name *.a.example.com',
    ],
    ['a mix fits a flexible product', 'ssl_basic', ['*.example.com', 'example.net', '8.8.8.8'], undefined],
    ['N9 a single label is internal', 'ssl_basic', ['intranet'], 'names_internal intranet'],
    ['N9 .local is internal', 'ssl_dv_geotrust', ['printer.local'], 'names_internal printer.local'],
    ['N9 a wildcard over an internal name is internal', 'ssl_basic', ['*.corp'], 'names_internal *.corp'],
    ['N11 a wildcard over a top-level domain is internal', 'ssl_basic', ['*.com'], 'names_internal *.com'],
    ['N11 a wildcard over a public suffix is internal', 'ssl_basic', ['*.co.uk'], 'names_internal *.co.uk'],
    ['N8 a private address is internal', 'ssl_basic', ['10.0.0.1'], 'names_internal 10.0.0.1'],
    ['N8 a unique local address is internal', 'ssl_basic', ['fd00::1'], 'names_internal fd00::1'],
    [
      'N9 internal names fit private products',
      'private_ssl_flex',
      ['intranet', '*.corp', '10.0.0.1'],
      undefined,
    ],
    ['host rules leave products without hosts alone', 'secure_email_mailbox', ['a@example.com'], undefined],
    [
      '26 addresses exceed a product for a person',
      'client_premium',
      numbered(26),
      'product_names_exceeded 26',
    ],
  ] as const) {
    test(title, () => {
      const found = refusal(() => checkOrderNames(productOf(product), named(names)))
      assert.equal(found, expected)
    })
  }
})

describe('the free twin', () => {
  const withTwin = (product: string, ...names: string[]) =>
    withFreeTwin(productOf(product).names, named(names)).map(({ value }) => value)

  test('a domain that can be registered gets its www name, and the reverse', () => {
    assert.deepEqual(withTwin('ssl_plus', 'example.com'), ['example.com', 'www.example.com'])
    assert.deepEqual(withTwin('ssl_plus', 'www.example.co.uk'), ['www.example.co.uk', 'example.co.uk'])
  })

  test('deeper names, public suffixes and addresses stay alone', () => {
    for (const name of ['shop.example.com', 'www.shop.example.com', 'www.com', 'www.co.uk', '8.8.8.8']) {
      assert.deepEqual(withTwin('ssl_plus', name), [name])
    }
  })

  test('nothing is added to several names, or to products for more than one', () => {
    assert.deepEqual(withTwin('ssl_plus', 'example.com', 'a.example.com'), ['example.com', 'a.example.com'])
    assert.deepEqual(withTwin('ssl_basic', 'example.com'), ['example.com'])
    assert.deepEqual(withTwin('private_ssl_plus', 'db.corp'), ['db.corp'])
  })
})

describe('the method and the names', () => {
  test('D9 a file is refused for a wildcard and taken for a plain name', () => {
    const check = (method: 'http-token' | 'dns-txt-token' | 'email', name: string) =>
      refusal(() => checkMethod(method, named([name]), 'dcv_method'))
    assert.equal(check('http-token', '*.example.com'), 'parameter_invalid')
    assert.equal(check('http-token', 'a.example.com'), undefined)
    assert.equal(check('dns-txt-token', '*.example.com'), undefined)
    assert.equal(check('email', '*.example.com'), undefined)
    assert.equal(check('email', '8.8.8.8'), 'parameter_invalid')
    assert.equal(check('http-token', '8.8.8.8'), undefined)
  })
})

describe('organizational units', () => {
  for (const [title, unit, expected] of [
    ['words are accepted', 'Research & Development', undefined],
    ['letters of any script are accepted', '研究', undefined],
    ['64 characters are accepted', 'x'.repeat(64), undefined],
    ['64 characters outside of the first plane are accepted', '𠮷'.repeat(64), undefined],
    ['65 characters are refused', 'x'.repeat(65), 'name_refused too-long'],
    ['65 characters outside of the first plane are refused', '𠮷'.repeat(65), 'name_refused too-long'],
    ['punctuation alone is refused', '- . -', 'name_refused character'],
    ['an empty unit is refused', '', 'name_refused character'],
    ['a line feed is refused', 'IT\nSales', 'name_refused control-character'],
    ['a lone surrogate is refused', 'IT\ud800', 'name_refused character'],
  ] as const) {
    test(title, () => {
      assert.equal(
        refusal(() => checkOrganizationUnits(named([unit]))),
        expected,
      )
    })
  }
})
