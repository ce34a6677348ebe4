import assert from 'node:assert/strict'
import { test } from 'node:test'
import { productOf } from './catalogue.ts'
import type { ProductLimit } from './product-limit.ts'
import { limitedProduct } from './product-limits.ts'

const privateSsl = productOf('private_ssl_plus')

const limits = (limit: Partial<ProductLimit>) => ({
  containerId: 1,
  role: null,
  products: [
    {
      product: 'private_ssl_plus',
      certificateYears: null,
      orderYears: null,
      customExpiration: true,
      ...limit,
    },
  ],
})

const cases: readonly (readonly [what: string, limit: Partial<ProductLimit>, left: object | undefined])[] = [
  ['nothing but the product', {}, {}],
  ['years of the order', { orderYears: [1, 5] }, { orderYears: [1] }],
  ['years that the product does not have', { orderYears: [4] }, undefined],
  ['no years at all', { orderYears: [] }, undefined],
  ['no end of choice', { customExpiration: false }, { customExpiration: false }],
  [
    'certificates of a year, which may be a leap year',
    { certificateYears: [1] },
    { maximumLifetimeDays: 366 },
  ],
  ['certificates of two years', { certificateYears: [1, 2] }, { maximumLifetimeDays: 731 }],
  ['longer certificates than there are', { certificateYears: [9] }, { maximumLifetimeDays: 1_095 }],
  ['another product', { product: 'ssl_basic' }, undefined],
]
for (const [what, limit, left] of cases) {
  test(`limits that state ${what} leave ${left === undefined ? 'nothing' : JSON.stringify(left)}`, () => {
    const wanted = left === undefined ? undefined : { ...privateSsl, ...left }
    assert.deepEqual(limitedProduct(privateSsl, limits(limit)), wanted)
  })
}

test('what a product does not offer, no limit grants', () => {
  const product = { ...privateSsl, customExpiration: false }
  assert.equal(limitedProduct(product, limits({ customExpiration: true }))?.customExpiration, false)
})
