import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { MOST_ATTEMPTS } from '../../../src/core/webhooks/deliver.ts'
import { tellWebhooks } from '../../../src/core/webhooks/tell-webhooks.ts'
import { deliverWebhooksJob } from '../../../src/jobs/deliver-webhooks.ts'
import { opensslMissing } from '../../support/openssl.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'
import { type Receiver, startReceiver } from './webhook-receiver.ts'

const secret = 'a secret of thirty-two letters'.replaceAll(' ', '-').padEnd(32, '!')
const hourMs = 60 * 60_000

describe('webhooks of the CertCentral face', { skip: opensslMissing }, () => {
  const scope = lastFirst({ after })
  let receiver: Receiver
  let service: TestService
  let tenant: TestTenant
  let number = 0
  before(async () => {
    receiver = await startReceiver(scope)
    service = await TestService.start(scope, { outside: { notifier: receiver.notifier } })
  })

  const newTenant = () => service.tenant(`hook-${++number}@example.test`)

  /** An account with a webhook that tells. */
  const listening = async (changes: object = {}): Promise<number> => {
    tenant = await newTenant()
    receiver.answer = { status: 200, echoes: true }
    const events = ['certificate_issued', 'order_rejected']
    const made = await tenant.post('/webhook', { endpoint: receiver.endpoint, secret, events, ...changes })
    assert.equal(made.status, 201, made.text)
    const id: number = made.json().webhook_id
    assert.equal((await tenant.put(`/webhook/${id}/send-challenge`)).status, 204)
    assert.equal((await tenant.put(`/webhook/${id}/activate`)).status, 204)
    receiver.calls.length = 0
    return id
  }

  const tell = (orderId: number) =>
    service.engine.store.write((transaction) =>
      tellWebhooks(transaction, service.engine, {
        accountId: tenant.accountId,
        event: 'order_rejected',
        at: service.engine.clock.now(),
        orderId,
      }),
    )

  const runJob = () => deliverWebhooksJob(service.engine).run(new AbortController().signal)
  const logs = async (query = '') => (await tenant.get(`/webhook/event-logs${query}`)).json().event_logs

  test('a webhook is made once, shown without its secret, changed and removed', async () => {
    tenant = await newTenant()
    const body = {
      endpoint: 'https://hooks.example/in',
      secret,
      events: ['certificate_issued', 'DOMAIN_EXPIRED'],
      webhook_settings: { webhook_notification_frequency: ['90', -7], webhook_send_certificate_chain: 1 },
    }
    const id = (await tenant.post('/webhook', body)).json().webhook_id
    assert.deepEqual((await tenant.post('/webhook', body)).codes(), ['invalid_value:endpoint'])
    const listed = await tenant.get('/webhook')
    assert.ok(!listed.text.includes(secret))
    const [{ date_created: _at, ...shown }] = listed.json().webhooks
    assert.deepEqual(shown, {
      id,
      endpoint: 'https://hooks.example/in',
      status: 'inactive',
      events: ['certificate_issued', 'domain_expired'],
      challenge_status: 'none',
      webhook_settings: {
        instant_issue_webhook_notification: true,
        webhook_notification_frequency: [90, -7],
        webhook_send_certificate_chain: true,
        webhook_send_instant_issued_certificate_chain: false,
      },
    })
    assert.equal((await tenant.put(`/webhook/${id}`, { events: ['order_rejected'] })).status, 204)
    assert.deepEqual((await tenant.get(`/webhook/${id}`)).json().events, ['order_rejected'])
    assert.equal((await tenant.delete(`/webhook/${id}`)).status, 204)
    assert.deepEqual((await tenant.get('/webhook')).json(), { webhooks: [] })
  })

  test('what a webhook needs is asked for, and what it cannot have is refused', async () => {
    tenant = await newTenant()
    assert.deepEqual((await tenant.post('/webhook', {})).codes(), [
      'required_param:endpoint',
      'required_param:secret',
      'required_param:events',
    ])
    const body = { endpoint: 'https://hooks.example/', secret, events: ['certificate_issued'] }
    for (const [changes, code] of [
      [{ endpoint: 'http://hooks.example/' }, 'invalid_value:endpoint'],
      [{ endpoint: 'https://user:word@hooks.example/' }, 'invalid_value:endpoint'],
      [{ secret: 'x'.repeat(31) }, 'invalid_value:secret'],
      [{ secret: `${'x'.repeat(32)}\nx-other: 1` }, 'invalid_chars:secret'],
      [{ events: ['everything'] }, 'invalid_value:events.0'],
      [
        { webhook_settings: { webhook_notification_frequency: [5] } },
        'invalid_value:webhook_settings.webhook_notification_frequency.0',
      ],
    ] as const) {
      assert.deepEqual((await tenant.post('/webhook', { ...body, ...changes })).codes(), [code])
    }
  })

  test('a webhook is active only after its endpoint gave the challenge back, and a new endpoint has to again', async () => {
    tenant = await newTenant()
    const events = ['order_rejected']
    const id = (await tenant.post('/webhook', { endpoint: receiver.endpoint, secret, events })).json()
      .webhook_id
    const url = `/webhook/${id}`
    assert.deepEqual((await tenant.put(`${url}/activate`)).codes(), ['invalid_value:status'])
    assert.deepEqual((await tenant.put(`${url}/check-challenge`)).codes(), ['invalid_value:challenge'])
    receiver.answer = { status: 200, echoes: false }
    receiver.calls.length = 0
    assert.equal((await tenant.put(`${url}/send-challenge`)).status, 204)
    assert.equal(receiver.calls[0]?.headers['x-webhook-key'], secret)
    assert.deepEqual((await tenant.put(`${url}/activate`)).codes(), ['invalid_value:status'])
    const challenge = receiver.calls[0]?.json.data.challenge
    assert.deepEqual((await tenant.put(`${url}/check-challenge`, { challenge: 'x' })).codes(), [
      'invalid_value:challenge',
    ])
    assert.equal((await tenant.put(`${url}/check-challenge`, { challenge })).status, 204)
    assert.equal((await tenant.put(`${url}/check-challenge`)).status, 204)
    assert.equal((await tenant.put(`${url}/activate`)).status, 204)
    await tenant.put(url, { endpoint: `${receiver.endpoint}/moved` })
    assert.equal((await tenant.get(url)).json().status, 'inactive')
    assert.deepEqual((await tenant.put(`${url}/activate`)).codes(), ['invalid_value:status'])
    receiver.answer = { status: 500, echoes: false }
    assert.deepEqual((await tenant.put(`${url}/send-challenge`)).codes(), ['invalid_value:endpoint'])
  })

  test('whoever challenges an endpoint is told what it did wrong, and nothing that it sent', async () => {
    tenant = await newTenant()
    const events = ['order_rejected']
    const { webhook_id: id } = (
      await tenant.post('/webhook', { endpoint: receiver.endpoint, secret, events })
    ).json()
    const put = async (path: string, body?: object, headers: Record<string, string> = {}) => {
      const answer = await tenant.put(`/webhook/${id}/${path}`, body, { headers })
      assert.equal(answer.status, 400, answer.text)
      return answer.json().errors[0].message
    }
    assert.match(await put('activate'), /The value of status is not valid\. .* not sent a challenge yet/)
    receiver.answer = { status: 418, echoes: true }
    const refused = await put('send-challenge')
    assert.match(refused, /^The value of endpoint is not valid\. The endpoint answered with status 418;/)
    assert.doesNotMatch(refused, new RegExp(receiver.calls.at(-1)?.json.data.challenge))
    assert.match(await put('send-challenge', undefined, { 'accept-language': 'ja' }), /ステータス 418 で応答/)
    receiver.answer = { status: 302, echoes: false }
    assert.match(await put('send-challenge'), /redirect|status 302/)
    receiver.answer = { status: 200, echoes: false }
    assert.equal((await tenant.put(`/webhook/${id}/send-challenge`)).status, 204)
    assert.match(await put('check-challenge'), /did not answer with the value that it was sent/)
    assert.match(await put('check-challenge', { challenge: 'x' }), /not the value that the endpoint was sent/)
    assert.match(await put('activate'), /did not answer with the value/)
    const endpoint = 'https://nowhere.example/'
    assert.equal((await tenant.put(`/webhook/${id}`, { endpoint })).status, 204)
    assert.match(await put('send-challenge'), /No address was found in DNS/)
    const insecure = await tenant.post('/webhook/test-endpoint', { endpoint: 'http://hook.example/', secret })
    assert.match(insecure.json().errors[0].message, /has to be an https address/)
  })

  test('an act is delivered once with the secret, a signature and an id of its own', async () => {
    await listening()
    await tell(70_001)
    await runJob()
    assert.equal(receiver.calls.length, 1)
    const [call] = receiver.calls
    assert.ok(call)
    assert.deepEqual([call.json.event, call.json.data], ['order_rejected', { order_id: 70_001 }])
    assert.equal(call.headers['x-webhook-key'], secret)
    const parts = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(call.headers['x-chancery-signature']))
    const signed = createHmac('sha256', secret).update(`${parts?.[1]}.${call.body}`).digest('hex')
    assert.equal(parts?.[2], signed)
    assert.equal(call.headers['x-chancery-delivery'], call.json.delivery_id)
    const [log] = await logs()
    assert.deepEqual([log.status, log.attempts, log.response], ['delivered', 1, '200'])
    await runJob()
    assert.equal(receiver.calls.length, 1, 'nothing is told twice that was taken')
  })

  test('events that were not asked for are not told, nor anything to an inactive webhook', async () => {
    const id = await listening({ events: ['certificate_issued'] })
    await tell(1)
    await tenant.put(`/webhook/${id}`, { events: ['order_rejected'] })
    await tenant.put(`/webhook/${id}/deactivate`)
    await tell(2)
    assert.deepEqual(await logs(), [])
  })

  test('what a receiver does not take is tried again later and later, then kept as dead and tried anew by hand', async () => {
    await listening()
    receiver.answer = { status: 503, echoes: false }
    await tell(5)
    const pauses: number[] = []
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const job = deliverWebhooksJob(service.engine)
      await job.run(new AbortController().signal)
      const [log] = await logs()
      assert.deepEqual([log.attempts, log.response], [attempt, '503'])
      if (attempt === MOST_ATTEMPTS) break
      const pause = Date.parse(log.next_attempt) - Date.parse(log.last_attempt)
      pauses.push(pause)
      service.advance(pause - 1_000)
      const before = receiver.calls.length
      await runJob()
      assert.equal(receiver.calls.length, before, 'not before its time')
      service.advance(2_000)
    }
    assert.ok(pauses.every((pause) => pause <= 2 * hourMs))
    assert.ok((pauses.at(-1) ?? 0) > (pauses[0] ?? 0) * 100)
    assert.deepEqual(new Set(receiver.calls.map((call) => call.json.delivery_id)).size, 1)
    const [dead] = await logs('?filters[status]=dead')
    service.advance(24 * hourMs)
    await runJob()
    assert.equal(receiver.calls.length, MOST_ATTEMPTS)
    receiver.answer = { status: 200, echoes: false }
    assert.equal((await tenant.put(`/webhook/event-logs/${dead.id}/retry`)).status, 204)
    assert.deepEqual((await tenant.put(`/webhook/event-logs/${dead.id}/retry`)).codes(), [
      'invalid_value:status',
    ])
    await runJob()
    assert.equal((await logs())[0].status, 'delivered')
  })

  test('two processes do not deliver the same at once', async () => {
    await listening()
    await tell(6)
    await Promise.all([runJob(), runJob(), runJob()])
    assert.equal(receiver.calls.length, 1)
  })

  test('a receiver that does not answer delays its own account alone', async () => {
    await listening()
    receiver.answer = { status: 500, echoes: false }
    await tell(1)
    await tell(2)
    const job = deliverWebhooksJob(service.engine)
    await job.run(new AbortController().signal)
    assert.equal(receiver.calls.length, 1, 'the second waits until the receiver had a rest')
    await listening()
    await tell(3)
    await job.run(new AbortController().signal)
    assert.deepEqual(receiver.calls.at(-1)?.json.data, { order_id: 3 })
  })

  test('D20 an endpoint is tried without being kept; one at a private address is never called, nor one by redirect', async () => {
    tenant = await newTenant()
    receiver.answer = { status: 204, echoes: false }
    const tried = await tenant.post('/webhook/test-endpoint', { endpoint: receiver.endpoint, secret })
    assert.deepEqual([tried.status, tried.json()], [200, { success: true }])
    const refused = await tenant.post('/webhook/test-endpoint', { endpoint: 'https://127.0.0.2/' })
    assert.deepEqual(refused.codes(), ['invalid_value:endpoint'])
    receiver.answer = { status: 302, echoes: false }
    const redirected = await tenant.post('/webhook/test-endpoint', { endpoint: receiver.endpoint })
    assert.deepEqual(redirected.codes(), ['invalid_value:endpoint'])
    assert.deepEqual((await tenant.get('/webhook')).json(), { webhooks: [] })
  })

  test("P6 P14 webhooks are the administrators' of their own account", async () => {
    const id = await listening()
    await tell(9)
    const [log] = await logs()
    const other = await newTenant()
    assert.equal((await other.get(`/webhook/${id}`)).status, 404)
    assert.equal((await other.put(`/webhook/${id}/deactivate`)).status, 404)
    assert.equal((await other.put(`/webhook/event-logs/${log.id}/retry`)).status, 404)
    const orderer = await tenant.as('standard')
    assert.deepEqual((await orderer.get('/webhook')).codes(), ['access_denied|missing_permission'])
  })
})
