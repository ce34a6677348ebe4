import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { chancery, type RunningServer, startServer } from '../support/process.ts'
import { lastFirst } from '../support/stores.ts'

describe('what an operator does for those who order, while the server runs', () => {
  const scope = lastFirst({ after })
  let server: RunningServer
  let account: string
  let key: string
  before(async () => {
    server = await startServer(scope)
    const created = await json(['account', 'create', '--email', 'ada@example.test'])
    account = String(created.account_id)
    key = created.api_key
  })

  const run = (args: readonly string[]) => chancery([...args, '--data', server.dataFolder])

  async function json(args: readonly string[]) {
    const { status, stdout, stderr } = await run([...args, '--json'])
    assert.equal(status, 0, stderr)
    return JSON.parse(stdout)
  }

  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${server.http}/services/v2${path}`, {
      method,
      headers: { 'x-dc-devkey': key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return JSON.parse(await answer.text())
  }

  test('organization validate is seen by the server, and bounded by the rules of the day', async () => {
    const { id } = await call('POST', '/organization', {
      name: 'Example Ltd',
      address: '1',
      zip: 8010,
      city: 'Graz',
      state: 'Styria',
      country: 'AT',
      telephone: 1,
      organization_contact: { first_name: 'A', last_name: 'B', email: 'a@shop.example' },
      validations: [{ type: 'ov' }],
    })
    const validated = await json(['organization', 'validate', String(id)])
    assert.equal(validated.validations[0].type, 'ov')
    const { validations } = await call('GET', `/organization/${id}/validation`)
    assert.equal(validations[0].status, 'active')
    const long = await run(['organization', 'validate', String(id), '--type', 'ev', '--until', '2199-01-01'])
    assert.equal(long.status, 1)
    assert.match(long.stderr, /"until" is not valid: ev holds until/)
    assert.equal((await run(['organization', 'validate', String(id), '--type', 'odd'])).status, 2)
    const absent = await run(['organization', 'validate', '999999'])
    assert.match(absent.stderr, /there is no such organization/)
  })

  test('account set says how an account orders, account deposit what it has to spend', async () => {
    const set = await json([
      'account',
      'set',
      account,
      'approvals=two',
      'payment.credit=10',
      'price.ssl_basic=5',
    ])
    assert.deepEqual(set.policy, {
      approvals: 'two',
      creditLimit: 1_000,
      prices: [{ product: 'ssl_basic', centsPerYear: 500 }],
    })
    assert.equal((await call('GET', '/account')).approval_steps, 2)
    assert.deepEqual(await json(['account', 'deposit', account, '99.50']), {
      account_id: Number(account),
      balance: '99.50',
      unpaid: '0.00',
    })
    assert.equal((await call('GET', '/finance/balance')).total_available_funds, '109.50')
    const refused = await run(['account', 'set', account, 'approvals=none', 'ct=perhaps'])
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, /"ct" cannot be "perhaps"/)
    assert.equal((await call('GET', '/account')).approval_steps, 2, 'nothing was changed')
    assert.equal((await run(['account', 'deposit', account, '-1'])).status, 2)
  })
})
