import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { suiteEngine, testAccount } from '../../../test/support/engine.ts'
import { testAuthority } from '../../../test/support/issuing.ts'
import { storeKinds } from '../../../test/support/stores.ts'
import { authorityId } from '../brand.ts'
import { type FaultCode, isFault } from '../faults.ts'
import { intermediateAuthority } from '../profiles/authorities.ts'
import { publicIssuingAuthorities } from '../profiles/public-authorities.ts'
import { productOf, products } from './catalogue.ts'
import { chooseProfile, profileOptions } from './choose-profile.ts'
import { allowedAuthorities, orderAuthority, purposeOf } from './order-authority.ts'

const neverPauses = { pause: () => Promise.reject(new Error('nobody else is making it')) }
const refusedWith = (code: FaultCode) => (error: unknown) => isFault(error, code)

test('the purposes of every public product are among those of the CA that issues it', () => {
  for (const product of products) {
    if (product.issuer === 'account') continue
    const allowed = publicIssuingAuthorities[purposeOf(product.profiles)].extKeyUsage ?? []
    for (const option of [undefined, ...profileOptions(product)]) {
      const choice = option === undefined ? {} : { option }
      const { extKeyUsage } = chooseProfile(product, choice, 'profile_option')
      assert.deepEqual(
        extKeyUsage.filter((purpose) => !allowed.includes(purpose)),
        [],
        product.nameId,
      )
    }
  }
})

for (const kind of storeKinds) {
  describe(`the CA of an order on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    const publicProduct = productOf('ssl_basic')
    const privateProduct = productOf('private_ssl_flex')
    let operator: Awaited<ReturnType<typeof testAccount>>
    let own: Awaited<ReturnType<typeof testAccount>>
    let other: Awaited<ReturnType<typeof testAccount>>
    before(async () => {
      operator = await testAccount(engine(), 'operator@example.test')
      own = await testAccount(engine(), 'own@example.test')
      other = await testAccount(engine(), 'other@example.test')
      await engine().store.write((transaction) =>
        transaction.runtime.setSetting('operator-account', String(operator.account.id)),
      )
    })
    const policy = (privateCa = true) => ({
      accountId: own.account.id,
      privateCa,
      privateCaDefault: true,
    })
    const choose = (product = privateProduct, wished: number | null = null, privateCa = true) =>
      orderAuthority(
        engine(),
        policy(privateCa),
        product,
        wished === null ? null : authorityId(wished),
        neverPauses,
      )

    test('is the public one for public products, and may be named', async () => {
      const issuing = await choose(publicProduct)
      assert.equal(issuing.strictness, 'public-tls')
      assert.equal(issuing.accountId, operator.account.id)
      assert.equal((await choose(publicProduct, issuing.id)).id, issuing.id)
      await assert.rejects(choose(publicProduct, own.issuing.id), refusedWith('authority_choice_invalid'))
    })

    test('is the account’s own for private products', async () => {
      assert.equal((await choose()).id, own.issuing.id)
      assert.equal((await choose(privateProduct, own.issuing.id)).id, own.issuing.id)
    })

    test('is never a root, another account’s, a public one or one nobody has', async () => {
      const shared = await choose(publicProduct)
      for (const id of [own.root.id, other.issuing.id, shared.id, 2_000_000_000]) {
        await assert.rejects(choose(privateProduct, id), refusedWith('authority_choice_invalid'))
      }
    })

    test('is never one that other CAs may stand below', async () => {
      const intermediate = await testAuthority(
        engine(),
        own.account.id,
        { leaves: false },
        { role: 'issuing', origin: 'operator', parentId: own.root.id, profile: intermediateAuthority },
      )
      await assert.rejects(choose(privateProduct, intermediate.id), refusedWith('authority_choice_invalid'))
    })

    test('is absent where the account may have none', async () => {
      await assert.rejects(choose(privateProduct, null, false), refusedWith('private_authority_absent'))
      assert.equal((await choose(publicProduct, null, false)).strictness, 'public-tls')
    })

    test('stays the one that came with the account when the operator adds another, which may be named', async () => {
      const more = { role: 'issuing', origin: 'operator' } as const
      const added = await testAuthority(engine(), own.account.id, {}, more)
      assert.equal((await choose()).id, own.issuing.id)
      assert.equal((await choose(privateProduct, added.id)).id, added.id)
      const allowed = await allowedAuthorities(engine(), policy(), privateProduct, neverPauses)
      assert.deepEqual(
        allowed.map(({ id }) => id),
        [own.issuing.id, added.id],
      )
    })

    test('has to be named where several could issue and none came with the account', async () => {
      const more = { role: 'issuing', origin: 'operator' } as const
      await testAuthority(engine(), own.account.id, {}, more)
      await engine().store.write((transaction) => transaction.authorities.setStatus(own.issuing.id, 'closed'))
      await assert.rejects(choose(), refusedWith('authority_choice_missing'))
      await assert.rejects(choose(privateProduct, own.issuing.id), refusedWith('authority_choice_invalid'))
    })
  })
}
