import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { domains } from '../../../src/core/domains/domain.ts'
import { storeDomain } from '../../../src/core/domains/store-domain.ts'
import { rotateMasterKey } from '../../../src/core/keys/rotate-master-key.ts'
import { validateOrganization } from '../../../src/core/organizations/validate-organization.ts'
import { reuseDays } from '../../../src/core/validation/dated-rules.ts'
import { deliveries } from '../../../src/core/webhooks/delivery.ts'
import { dropOldDeliveries } from '../../../src/core/webhooks/drop-old-deliveries.ts'
import { tellEndings } from '../../../src/core/webhooks/endings.ts'
import { deliverWebhooksJob } from '../../../src/jobs/deliver-webhooks.ts'
import { testRequest } from '../../support/engine.ts'
import { testCaller } from '../../support/installation.ts'
import { opensslMissing } from '../../support/openssl.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'
import { type Receiver, startReceiver } from './webhook-receiver.ts'

const dayMs = 86_400_000
const secret = 's'.repeat(32)
const signal = new AbortController().signal

describe('what webhooks of the CertCentral face tell', { skip: opensslMissing }, () => {
  const scope = lastFirst({ after })
  let receiver: Receiver
  let service: TestService
  let tenant: TestTenant
  let webhookId: number
  let number = 0
  before(async () => {
    receiver = await startReceiver(scope)
    service = await TestService.start(scope, { outside: { notifier: receiver.notifier } })
  })

  const listening = async (events: readonly string[], settings: object = {}) => {
    tenant = await service.tenant(`told-${++number}@example.test`)
    const body = { endpoint: receiver.endpoint, secret, events, webhook_settings: settings }
    webhookId = (await tenant.post('/webhook', body)).json().webhook_id
    await tenant.put(`/webhook/${webhookId}/send-challenge`)
    assert.equal((await tenant.put(`/webhook/${webhookId}/activate`)).status, 204)
    receiver.calls.length = 0
  }

  const organization = async (): Promise<number> => {
    const answer = await tenant.post('/organization', {
      name: 'Example Ltd',
      address: '1',
      zip: '8010',
      city: 'Graz',
      state: 'Styria',
      country: 'at',
      telephone: '1',
      organization_contact: { first_name: 'A', last_name: 'B', email: 'a@shop.example' },
      validations: [{ type: 'ov' }],
    })
    return answer.json().id
  }

  const order = async () => {
    const placed = await tenant.post('/order/certificate/private_ssl_plus', {
      certificate: {
        common_name: 'shop.internal',
        csr: Buffer.from(await testRequest()).toString('base64'),
      },
      organization: { id: await organization() },
      order_validity: { years: 1 },
      skip_approval: true,
    })
    assert.equal(placed.status, 201, placed.text)
    return placed.json()
  }

  const told = async () => {
    await deliverWebhooksJob(service.engine).run(signal)
    return receiver.calls.splice(0).map(({ json }) => [json.event, json.data])
  }

  test('a certificate that is issued within the call is told with its chain, when that is wanted', async () => {
    await listening(['certificate_issued'], { webhook_send_instant_issued_certificate_chain: true })
    const placed = await order()
    const [[event, data] = []] = await told()
    assert.deepEqual(
      [event, data.order_id, data.certificate_id],
      ['certificate_issued', placed.id, placed.certificate_id],
    )
    assert.equal(data.certificate_chain.length, 3)
    assert.equal(data.certificate_chain[0].pem, placed.certificate_chain[0].pem)
    assert.ok(new X509Certificate(data.certificate_chain[2].pem).ca)
    await tenant.put(`/webhook/${webhookId}`, {
      webhook_settings: { instant_issue_webhook_notification: false },
    })
    await order()
    assert.deepEqual(await told(), [])
  })

  test('a revoked certificate and a validated organization are told', async () => {
    await listening(['certificate_revoked', 'organization_validated'])
    const { certificate_id: id } = await order()
    const revoked = await tenant.put(`/certificate/${id}/revoke`, { skip_approval: true })
    assert.equal(revoked.status, 204, revoked.text)
    const organizationId = await organization()
    await validateOrganization(service.engine, organizationId, { types: [] }, testCaller)
    const events = await told()
    assert.deepEqual(
      events.map(([event]) => event),
      ['certificate_revoked', 'organization_validated'],
    )
    assert.deepEqual(
      [events[1]?.[1].organization_name, events[1]?.[1].validation_type],
      ['Example Ltd', 'ov'],
    )
  })

  test('the end of a validation is told once for each day that was asked for', async () => {
    await listening(['organization_revalidation_notice', 'organization_expired'], {
      webhook_notification_frequency: [30, 7, 0],
    })
    const { engine } = service
    const until = engine.clock.now() + 40 * dayMs
    await validateOrganization(engine, await organization(), { types: [], until }, testCaller)
    const after = async (days: number) => {
      service.advance(days * dayMs)
      for (let run = 0; run < 3; run++) await tellEndings(engine, signal)
      return (await told()).map(([event]) => event)
    }
    assert.deepEqual(await after(9), [])
    assert.deepEqual(await after(1), ['organization_revalidation_notice'])
    assert.deepEqual(await after(10), [])
    assert.deepEqual(await after(15), ['organization_revalidation_notice'])
    assert.deepEqual(await after(5), ['organization_expired'])
    assert.deepEqual(await after(10), [])
  })

  test('the end of a proof of control is told by the rules of the day', async () => {
    await listening(['domain_revalidation_notice', 'domain_expired'])
    const { engine } = service
    const reuse = reuseDays('public-tls', engine.clock.now())
    const { accountId, rootContainer } = tenant
    const organizationId = await organization()
    await engine.store.write(function* (transaction) {
      yield* storeDomain(transaction, {
        id: yield* transaction.collection(domains).nextId(),
        accountId,
        containerId: rootContainer.id,
        organizationId,
        name: 'shop.example',
        isActive: true,
        validations: [],
        method: 'dns-txt-token',
        randomValue: null,
        evidence: {
          name: 'shop.example',
          method: 'dns-txt-token',
          value: 'x',
          at: engine.clock.now() - (reuse - 5) * dayMs,
          addresses: [],
          perspectives: [],
        },
        locking: null,
        approvalWish: null,
        wokenTo: null,
        dueAt: null,
        submittedAt: engine.clock.now(),
        createdAt: engine.clock.now(),
      })
    })
    await tellEndings(engine, signal)
    const [[event, data] = []] = await told()
    assert.deepEqual([event, data.domain_name], ['domain_revalidation_notice', 'shop.example'])
    service.advance(5 * dayMs)
    await tellEndings(engine, signal)
    assert.deepEqual(
      (await told()).map(([name]) => name),
      ['domain_expired'],
    )
  })

  test('a webhook goes on after the master key was exchanged', async () => {
    await listening(['certificate_issued'])
    const { engine } = service
    await rotateMasterKey(engine, engine.installation.sealer, testCaller)
    await order()
    await deliverWebhooksJob(engine).run(signal)
    assert.equal(receiver.calls.at(-1)?.headers['x-webhook-key'], secret)
  })

  test('what was told long ago is forgotten, what is on its way is not', async () => {
    await listening(['certificate_issued'])
    const { engine } = service
    await order()
    await told()
    await order()
    service.advance(121 * dayMs)
    await dropOldDeliveries(engine, signal)
    const { items } = await engine.store.read((view) =>
      view.collection(deliveries).list({ accountId: tenant.accountId, where: [], offset: 0, limit: 10 }),
    )
    assert.deepEqual(
      items.map(({ status }) => status),
      ['pending'],
    )
  })
})
