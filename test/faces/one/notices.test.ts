import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeStatus } from '../../../src/core/certificates/change-status.ts'
import { clientCertificates } from '../../../src/core/client-certificates/client-certificate.ts'
import { tellCredentialEnds } from '../../../src/core/service-users/tell-ends.ts'
import { type Mail, MailFailure } from '../../../src/core/validation/outbound.ts'
import { eventsOf, testCaller } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService } from './service.ts'

const am = '/account/api/v1'
const day = 86_400_000

test('owners are told 30, 7 and 1 day before a credential ends, each time once, by mail and in the audit log', async (context) => {
  const mails: Mail[] = []
  let fails = false
  const mailer = {
    async send(mail: Mail) {
      if (fails) throw new MailFailure()
      mails.push(mail)
    },
  }
  const service = await TestService.start(lastFirst(context), { outside: { mailer } })
  const tenant = await service.tenant()
  const { engine } = service
  const endDate = (days: number) => new Date(engine.clock.now() + days * day).toISOString().slice(0, 10)
  await tenant.program('ending', [], { end_date: endDate(40), email: 'ops@harbour.example' })
  const token = await tenant.post(`${am}/api-access-token`, {
    user_id: 'me',
    name: 'short',
    end_date: endDate(5),
  })
  const run = () => tellCredentialEnds(engine, new AbortController().signal)

  assert.equal(await run(), 1)
  assert.deepEqual(
    [mails[0]?.to, mails[0]?.subject],
    ['ada@example.test', 'The API token "short" ends in 5 days'],
  )
  assert.equal(await run(), 0)

  assert.equal(
    (await tenant.put(`${am}/api-access-token/${token.json().id}`, { status: 'disabled' })).status,
    204,
  )
  const subjects: string[] = []
  for (let passed = 0; passed < 42; passed++) {
    mails.length = 0
    await run()
    await run()
    subjects.push(...mails.map(({ subject, to }) => `${to} ${subject}`))
    service.advance(day)
  }
  assert.deepEqual(subjects, [
    'ops@harbour.example The service user "ending" ends in 30 days',
    'ops@harbour.example The service user "ending" ends in 7 days',
    'ops@harbour.example The service user "ending" ends tomorrow',
  ])
  const events = await eventsOf(engine.installation, 'credential.ending')
  assert.deepEqual(
    events.map(({ detail }) => detail.days),
    [5, 30, 7, 1],
  )

  await tenant.program('retried', [], { end_date: endDate(1) })
  fails = true
  assert.equal(await run(), 0)
  fails = false
  assert.equal(await run(), 1)
})

test('nobody is told of the end of a client certificate that is revoked, whoever revoked it', async (context) => {
  const mails: Mail[] = []
  const mailer = { send: async (mail: Mail) => void mails.push(mail) }
  const service = await TestService.start(lastFirst(context), { outside: { mailer } })
  const tenant = await service.tenant()
  const { engine } = service
  await engine.store.write(function* (transaction) {
    yield* transaction.runtime.setSetting('operator-authority', String(tenant.made.authorities.issuing.id))
  })
  const end_date = new Date(engine.clock.now() + 5 * day).toISOString().slice(0, 10)
  const make = async (name: string) =>
    (await tenant.post(`${am}/client-auth-certificate`, { user_id: 'me', name, end_date })).json()
  const [own, , kept] = [await make('own'), await make('by operator'), await make('kept')]
  assert.equal((await tenant.delete(`${am}/client-auth-certificate/${own.id}`)).status, 204)
  const [byOperator] = await engine.store.read((view) =>
    view.collection(clientCertificates).withValue(tenant.accountId, 'name_key', 'by operator', 1),
  )
  assert.ok(byOperator)
  const { certificateId } = byOperator
  await changeStatus(engine, { accountId: null, certificateId, to: 'revoked' }, testCaller)
  assert.equal(await tellCredentialEnds(engine, new AbortController().signal), 1)
  assert.deepEqual(
    mails.map(({ subject }) => subject),
    [`The client certificate "${kept.name}" ends in 5 days`],
  )
})
