import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChanceryClient, fetchTransport, type Transport } from '../../../sdk/src/index.ts'
import { chancery, startServer } from '../../support/process.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'

test('our own client drives all three APIs of the served program', async (context) => {
  const server = await startServer(lastFirst(context), { args: ['--rate-limits', 'off'] })
  const made = await chancery([
    'account',
    'create',
    '--email',
    'ada@harbour.example',
    '--json',
    '--data',
    server.dataFolder,
  ])
  const { api_key: apiKey } = JSON.parse(made.stdout)

  // Every second answer is lost on its way back, after the server has done its work.
  const carry = fetchTransport()
  let count = 0
  const lossy: Transport = async (request) => {
    const answer = await carry(request)
    if (++count % 2 === 0) return answer
    await answer.text()
    throw new TypeError('the connection broke')
  }
  const { accountManager, trustLifecycle, privateCa } = new ChanceryClient({ baseUrl: server.http, apiKey })
  const [account] = await accountManager.accounts()
  assert.ok(account)
  const [profile] = await trustLifecycle.profiles.list()
  assert.ok(profile)
  const names = Array.from({ length: 10 }, (_, number) => `pump-${number}.harbour.example`)
  const flaky = new ChanceryClient({
    baseUrl: server.http,
    apiKey,
    transport: lossy,
    retry: { backoffBaseMs: 1, backoffCapMs: 5 },
  })
  for (const name of names) {
    await flaky.trustLifecycle.certificates.issue({
      profile: { id: profile.id },
      seat: { seat_id: name },
      csr: csrPem(),
      attributes: { subject: { common_name: name } },
    })
  }
  const found = await trustLifecycle.certificates.search({ limit: 100 })
  assert.deepEqual(
    found.items.map(({ common_name }) => common_name),
    names,
  )

  const [first] = found.items
  assert.ok(first)
  await trustLifecycle.certificates.revoke(first.serial_number, { revocation_reason: 'superseded' })
  assert.equal((await trustLifecycle.certificates.details(first.serial_number)).status, 'revoked')

  const authorities = await privateCa.authorities()
  const issuing = authorities.items.find(({ cert_type }) => cert_type === 'intermediate')
  assert.ok(issuing)
  const issued = await privateCa.issue({
    issuer: { id: issuing.id },
    csr: csrPem(),
    subject: { common_name: 'crane.harbour.example' },
  })
  assert.match(await privateCa.downloadCertificate(issued.id), /^-----BEGIN CERTIFICATE-----/)
  assert.match(await privateCa.downloadAuthority(issuing.id), /^-----BEGIN CERTIFICATE-----/)
  const user = await accountManager.createServiceUser({
    user_type: 'service',
    friendly_name: 'bot',
    email: 'ops@harbour.example',
  })
  const token = await accountManager.createToken({ user_id: user.id, name: 'second' })
  await accountManager.updateToken(token.id, { status: 'disabled' })
  assert.equal((await accountManager.token(token.id)).status, 'disabled')
  assert.ok((await accountManager.auditLog({ limit: 5 })).items.length === 5)
  assert.equal(await server.stop(), 0)
})
