import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oids } from '../../pki/oids.ts'
import { isFault } from '../faults.ts'
import { productOf, products } from './catalogue.ts'
import { chooseProfile, type ProfileChoice, profileOptions } from './choose-profile.ts'

const chosen = (product: string, choice: ProfileChoice = {}) =>
  chooseProfile(productOf(product), choice, 'certificate.profile_option')

test('every product has a profile that carries its kind of name', () => {
  for (const product of products) {
    const { alternativeNames } = chooseProfile(product, {}, 'profile_option')
    const wanted = product.names.of === 'hosts' ? 'dns' : product.names.of === 'emails' ? 'email' : undefined
    assert.equal(alternativeNames.types[0], wanted, product.nameId)
  }
})

test('every option of a product leads to a profile', () => {
  for (const product of products) {
    for (const option of profileOptions(product)) chooseProfile(product, { option }, 'profile_option')
  }
})

test('an option decides on the purposes of a server', () => {
  assert.deepEqual(chosen('ssl_basic').extKeyUsage, [oids.serverAuth])
  assert.deepEqual(chosen('ssl_basic', { option: 'server_auth_only_eku' }).extKeyUsage, [oids.serverAuth])
  assert.deepEqual(chosen('ssl_basic', { option: 'server_client_auth_eku' }).extKeyUsage, [
    oids.serverAuth,
    oids.clientAuth,
  ])
  assert.ok(chosen('private_ssl_flex', { option: 'kdc_smart_card' }).extKeyUsage.includes(oids.pkinitKdc))
})

test('an option the product does not have is refused', () => {
  for (const [product, option] of [
    ['ssl_basic', 'kdc_smart_card'],
    ['ssl_basic', 'some profile'],
    ['ssl_basic', ''],
    ['code_signing', 'server_auth_only_eku'],
    ['class1_smime', 'server_auth_only_eku'],
  ] as const) {
    assert.throws(
      () => chosen(product, { option }),
      (error) =>
        isFault(error, 'parameter_invalid') && error.detail.parameter === 'certificate.profile_option',
    )
  }
})

test('mail certificates follow the product, and what the order says about them', () => {
  assert.equal(chosen('secure_email_sponsor').id, 'smime-sponsor-strict-dual-use')
  assert.equal(chosen('class1_smime').id, 'smime-mailbox-multipurpose-dual-use')
  assert.equal(chosen('client_digital_signature_plus').id, 'smime-sponsor-multipurpose-signing')
  assert.equal(
    chosen('secure_email_mailbox', { generation: 'multipurpose', usage: 'key-management' }).id,
    'smime-mailbox-multipurpose-key-management',
  )
})
