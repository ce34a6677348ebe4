import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  chargeOrder,
  checkPayment,
  type OrderCharge,
  refundOrder,
} from '../../../src/core/finance/charge-order.ts'
import { checkLedger } from '../../../src/core/finance/check-ledger.ts'
import { recordDeposit } from '../../../src/core/finance/deposit.ts'
import { loadPolicy } from '../../../src/core/identity/account-policy.ts'
import { testCaller } from '../../support/installation.ts'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

for (const kind of storeKinds)
  describe(`finance of the CertCentral face on ${kind.name}`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let service: TestService
    let tenant: TestTenant
    let number = 0
    before(async () => {
      service = await TestService.start(scope, { kind })
    })

    const newTenant = async (policy: Parameters<TestTenant['setPolicy']>[0] = {}) => {
      tenant = await service.tenant(`payer-${++number}@example.test`)
      await tenant.setPolicy({ creditLimit: 0, ...policy })
    }

    const deposit = (cents: number, containerId = tenant.rootContainer.id) =>
      recordDeposit(service.engine, { accountId: tenant.accountId, cents, containerId, note: '' }, testCaller)

    const charge = (orderId: number, price: number, changes: Partial<OrderCharge> = {}) =>
      service.engine.store.write(function* (transaction) {
        const policy = yield* loadPolicy(transaction, tenant.accountId)
        yield* chargeOrder(transaction, {
          policy,
          containerId: tenant.rootContainer.id,
          method: 'balance',
          price,
          orderId,
          userId: tenant.administrator.id,
          at: service.engine.clock.now(),
          ...changes,
        })
      })

    const refund = (orderId: number, price: number) =>
      service.engine.store.write((transaction) =>
        refundOrder(transaction, {
          accountId: tenant.accountId,
          orderId,
          price,
          at: service.engine.clock.now(),
        }),
      )

    const balance = async () => (await tenant.get('/finance/balance')).json()
    const isSound = async () =>
      (await service.engine.store.read((view) => checkLedger(view, tenant.accountId))) === undefined

    test('a balance is shown as texts; without a limit there is neither limit nor total', async () => {
      await newTenant({ creditLimit: 200_000 })
      await deposit(45_400)
      assert.deepEqual(await balance(), {
        balance: '454.00',
        currency: 'USD',
        unpaid_invoice_balance: '0.00',
        used_credit_from_other_containers: '0.00',
        negative_balance_limit: '2000.00',
        total_available_funds: '2454.00',
      })
      assert.deepEqual(Object.keys(await balance()).slice(3), [
        ...['negative_balance_limit', 'used_credit_from_other_containers', 'total_available_funds'],
      ])
      await tenant.setPolicy({ creditLimit: null })
      assert.deepEqual(await balance(), {
        balance: '454.00',
        currency: 'USD',
        unpaid_invoice_balance: '0.00',
        used_credit_from_other_containers: '0.00',
        unlimited_negative_balance: true,
      })
    })

    test('an order draws on the balance as far as the credit goes, once, and gets it back once', async () => {
      await newTenant({ creditLimit: 1_000 })
      await deposit(5_000)
      await charge(1, 6_000)
      await charge(1, 6_000)
      assert.equal((await balance()).balance, '-10.00')
      await assert.rejects(charge(2, 1), { code: 'funds_insufficient' })
      await refund(1, 6_000)
      await refund(1, 6_000)
      assert.equal((await balance()).balance, '50.00')
      await refund(77, 6_000)
      assert.equal((await balance()).balance, '50.00', 'what was not drawn is not given back')
      assert.ok(await isSound())
    })

    test('an order that costs nothing leaves no line', async () => {
      await newTenant()
      await charge(1, 0)
      assert.equal((await tenant.get('/finance/history/balance')).json().page.total, 0)
    })

    test('of many orders at once no more are paid than the funds cover', async () => {
      await newTenant()
      await deposit(1_000)
      const charged = await Promise.allSettled(
        Array.from({ length: 20 }, (_, place) => charge(place + 1, 100)),
      )
      assert.equal(charged.filter(({ status }) => status === 'fulfilled').length, 10)
      assert.equal((await balance()).balance, '0.00')
      assert.ok(await isSound())
    })

    test('an invoice uses the credit up; money that arrives pays it first', async () => {
      await newTenant({ creditLimit: 10_000, paymentMethods: ['balance', 'wire_transfer'] })
      await charge(1, 8_000, { method: 'wire_transfer' })
      assert.equal((await balance()).total_available_funds, '20.00')
      await assert.rejects(charge(2, 8_000, { method: 'wire_transfer' }), { code: 'funds_insufficient' })
      await deposit(9_000)
      const after = await balance()
      assert.deepEqual([after.balance, after.unpaid_invoice_balance], ['10.00', '0.00'])
      await refund(1, 8_000)
      assert.equal((await balance()).balance, '90.00', 'a paid invoice is given back as balance')
      assert.ok(await isSound())
    })

    test('payment methods that are not enabled are refused', async () => {
      await newTenant()
      const { store } = service.engine
      for (const method of ['card', 'profile', 'gold']) {
        const look = async () =>
          store.read(function* (view) {
            const policy = yield* loadPolicy(view, tenant.accountId)
            yield* checkPayment(view, { policy, containerId: tenant.rootContainer.id, method, price: 0 })
          })
        await assert.rejects(look, { code: 'payment_method_refused' })
      }
      const refused = await tenant.post('/finance/deposit', { amount: 10, payment_method: 'card' })
      assert.deepEqual([refused.status, refused.codes()], [400, ['invalid_payment_method']])
      assert.deepEqual((await tenant.get('/finance/payment-profile')).json(), { payment_profiles: [] })
    })

    test('a profile, where it is enabled, makes an invoice as a card does', async () => {
      await newTenant({ paymentMethods: ['balance', 'profile'], creditLimit: 1_000 })
      await charge(1, 400, { method: 'profile' })
      const { balance: left, unpaid_invoice_balance: unpaid } = await balance()
      assert.deepEqual([left, unpaid], ['0.00', '4.00'])
      assert.ok(await isSound())
    })

    test('a deposit on invoice raises the balance, and nothing more can be spent until it is paid', async () => {
      await newTenant({ paymentMethods: ['wire_transfer'] })
      const made = await tenant.post('/finance/deposit', { amount: '100.50' })
      assert.equal(made.status, 201)
      const { balance: shown, total_available_funds: available } = await balance()
      assert.deepEqual([shown, available], ['100.50', '0.00'])
      const receipt = (await tenant.get(`/finance/receipt/${made.json().receipt_id}`)).json()
      assert.deepEqual([receipt.amount, receipt.transaction_type], ['100.50', 'deposit'])
      for (const amount of ['-1', '0', '1.234', 'much', '1e3']) {
        assert.deepEqual((await tenant.post('/finance/deposit', { amount })).codes(), [
          'invalid_value:amount',
        ])
      }
      assert.deepEqual((await tenant.post('/finance/deposit', {})).codes(), ['required_param:amount'])
    })

    test('balance moves between divisions, whose orders draw on their own first', async () => {
      await newTenant()
      await deposit(1_000)
      const root = tenant.rootContainer.id
      const child: number = (
        await tenant.post(`/container/${root}/children`, { name: 'D', template_id: 1 })
      ).json().id
      const move = (amount: number, from: number, to: number) =>
        tenant.post('/finance/transfer', { amount, from_container_id: from, to_container_id: to })
      assert.equal((await move(4, root, child)).status, 204)
      assert.deepEqual((await move(7, root, child)).codes(), ['insufficient_funds'])
      assert.deepEqual((await move(1, root, root)).codes(), ['invalid_value:to_container_id'])
      assert.deepEqual((await move(1, root, 999_999)).codes(), ['invalid_value:to_container_id'])
      await charge(1, 300, { containerId: child })
      await charge(2, 300, { containerId: child })
      const own = (await tenant.get(`/finance/balance?container_id=${child}`)).json()
      assert.deepEqual([own.balance, (await balance()).balance], ['1.00', '3.00'])
      const { balance_history: lines, page } = (
        await tenant.get(`/finance/history/balance?container_id=${child}&sort=-id`)
      ).json()
      assert.equal(page.total, 2)
      assert.deepEqual(
        [lines[0].transaction_type, lines[0].amount, lines[0].balance],
        ['order', '-3.00', '1.00'],
      )
      const statement = (
        await tenant.get(`/finance/balance-history?filters[container_id]=${child}&sort=-id`)
      ).json()
      const [debit, credit] = statement.adjustments
      assert.deepEqual(
        [debit.debit, debit.credit, debit.order_id, debit.receipt_id],
        ['3.00', '0.00', '1', `${debit.id}`],
      )
      assert.deepEqual(
        [credit.debit, credit.credit, credit.order_id, credit.receipt_id],
        ['0.00', '4.00', undefined, '0'],
      )
      assert.equal(debit.transaction_date, debit.date)
      assert.ok(await isSound())
    })

    test('a line that was changed behind our back is found', async () => {
      await newTenant()
      await deposit(1_000)
      await charge(1, 500)
      await service.engine.query(
        `UPDATE ledger_entry SET document = replace(document, '"amount":1000', '"amount":9000')
       WHERE account_id = ${tenant.accountId}`,
      )
      const found = await service.engine.store.read((view) => checkLedger(view, tenant.accountId))
      assert.equal(found, 1)
    })

    test('prices are those of the account, a year and for several years', async () => {
      await newTenant({ prices: [{ product: 'ssl_basic', centsPerYear: 2_550 }] })
      const price = async (query: string) =>
        (await tenant.get(`/finance/order-pricing?${query}`)).json().prices[0]
      assert.equal((await price('product_name_id=ssl_basic&years=2')).price, '51.00')
      assert.equal((await price('product_name_id=ssl_plus')).price, '0.00')
      assert.deepEqual((await tenant.get('/finance/order-pricing?product_name_id=none')).codes(), [
        'not_found|product',
      ])
    })

    test('P6 P14 finances are for those who pay, of their own account', async () => {
      await newTenant()
      await deposit(100)
      const receipt = (await tenant.get('/finance/receipt')).json().receipts[0].id
      const standard = await tenant.as('standard')
      assert.deepEqual((await standard.get('/finance/balance')).codes(), ['access_denied|missing_permission'])
      const manager = await tenant.as('finance')
      assert.equal((await manager.get('/finance/balance')).status, 200)
      const foreign = tenant.rootContainer.id
      await newTenant()
      assert.equal((await tenant.get(`/finance/balance?container_id=${foreign}`)).status, 404)
      assert.equal((await tenant.get(`/finance/receipt/${receipt}`)).status, 404)
    })
  })
