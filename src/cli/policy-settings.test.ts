import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountId } from '../core/brand.ts'
import { defaultPolicy } from '../core/identity/account-policy.ts'
import { policySettingOf } from './policy-settings.ts'

const policy = defaultPolicy(accountId(1), 2)
const read = (name: string, value: string, prices = policy.prices) =>
  policySettingOf(name)?.(value, { ...policy, prices })

test('switches are on or off, and nothing else', () => {
  assert.deepEqual(read('ca.default', 'off'), { privateCaDefault: false })
  assert.deepEqual(read('ct', 'on'), { certificateTransparency: true })
  assert.equal(read('ct', 'maybe'), undefined)
})

test('lists are read each value by itself, and none when there is nothing', () => {
  assert.deepEqual(read('domains.protected', 'Shop.Example, bank.example,shop.example'), {
    protectedNames: ['shop.example', 'bank.example'],
  })
  assert.deepEqual(read('products.disabled', ''), { disabledProducts: [] })
  assert.equal(read('products.disabled', 'ssl_basic,no_such_product'), undefined)
  assert.equal(read('payment.methods', 'gold'), undefined)
})

test('prices and credit are amounts of cents; a price of nothing takes the price away', () => {
  assert.deepEqual(read('price.ssl_basic', '12.50'), {
    prices: [{ product: 'ssl_basic', centsPerYear: 1250 }],
  })
  assert.deepEqual(read('price.ssl_basic', '0', [{ product: 'ssl_basic', centsPerYear: 1 }]), { prices: [] })
  assert.equal(policySettingOf('price.no_such_product'), undefined)
  assert.equal(read('price.ssl_basic', '-1'), undefined)
  assert.deepEqual(read('payment.credit', '100'), { creditLimit: 10_000 })
  assert.deepEqual(read('payment.credit', 'unlimited'), { creditLimit: null })
  assert.equal(read('payment.credit', '1.234'), undefined)
})

test('how many approve a request is a word', () => {
  assert.deepEqual(read('approvals', 'two'), { approvals: 'two' })
  assert.equal(read('approvals', '2'), undefined)
})
