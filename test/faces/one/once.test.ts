import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { type Answer, TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
/** One for all: signed anew it would make another request of each. */
const csr = csrPem()
/** An attempt that was not heard of for this long is taken to have died. */
const claimMs = 60_000

for (const kind of storeKinds) {
  describe(`requests that come more than once, on ${kind.name}`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let service: TestService
    let tenant: TestTenant
    let profile: string
    /** Where the next request comes to a stop, and what lets it go on. */
    let stopPoint: string | undefined
    let stopped: () => void = () => undefined
    let release: () => void = () => undefined
    before(async () => {
      service = await TestService.start(scope, { kind, stopAt: stop })
      tenant = await service.tenant()
      profile = await tenant.postProfile({
        enrollment_method: 'rest_api',
        authentication_method: 'third_party_app',
        renewal_window_days: 3_000,
        duplicate_cert_policy: true,
      })
    })

    async function stop(point: string): Promise<void> {
      if (point !== stopPoint) return
      stopPoint = undefined
      stopped()
      await new Promise<void>((resolve) => {
        release = resolve
      })
    }

    /** Sends a request whose server falls silent at this point. */
    async function sendUntil(point: string, send: () => Promise<Answer>): Promise<Promise<Answer>[]> {
      const reached = new Promise<void>((resolve) => {
        stopped = resolve
      })
      stopPoint = point
      const answer = send()
      await reached
      return [answer]
    }

    const issue =
      (name: string, key: string, more: object = {}) =>
      () =>
        tenant.post(
          `${tlm}/certificate`,
          {
            profile: { id: profile },
            seat: { seat_id: name },
            csr,
            attributes: { subject: { common_name: name } },
            ...more,
          },
          { headers: { 'idempotency-key': key } },
        )
    const total = async (name: string): Promise<number> =>
      (await tenant.get(`${tlm}/certificate-search?common_name=${name}`)).json().total
    const tenTimes = (send: () => Promise<Answer>) => Promise.all(Array.from({ length: 10 }, send))

    test('P17 (ONE) one idempotency key ten times at once issues one certificate', async () => {
      const answers = await tenTimes(issue('often', 'often'))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
      assert.equal(await total('often'), 1)
      const other = await issue('often', 'often', { tags: ['other'] })()
      assert.deepEqual([other.status, other.code], [409, 'idempotency_conflict'])
    })

    test('P17 (ONE) one idempotency key ten times at once renews once', async () => {
      const { serial_number } = (await issue('renewed', 'to-renew')()).json()
      const renew = (body: object) =>
        tenant.post(`${tlm}/certificate/${serial_number}/renew`, body, {
          headers: { 'idempotency-key': 'renew' },
        })
      const answers = await tenTimes(() => renew({ csr }))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
      assert.equal(await total('renewed'), 2)
      assert.equal((await renew({ csr, include_ca_chain: true })).code, 'idempotency_conflict')
    })

    test('P17 (ONE) a Private CA certificate is issued once for one key', async () => {
      const send = () =>
        tenant.post(
          '/certificate-authority/api/v1/certificate',
          {
            issuer: { id: tenant.id('authority', tenant.made.authorities.issuing.id) },
            csr,
            subject: { common_name: 'private.example' },
            extensions: { san: { dns_names: ['private.example'] } },
          },
          { headers: { 'idempotency-key': 'private' } },
        )
      const answers = await tenTimes(send)
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
      assert.deepEqual([answers[0]?.status, await total('private.example')], [201, 1])
    })

    test('a certificate whose answer was lost is what the repeated request gets', async () => {
      const send = issue('lost', 'lost')
      const [silent] = await sendUntil('issue.recorded', send)
      service.advance(claimMs + 1)
      const again = await send()
      assert.equal(again.status, 201, again.text)
      release()
      assert.equal((await silent)?.text, again.text)
      assert.equal(await total('lost'), 1)
    })

    test('a certificate that was signed by a server that died before recording it is nobody’s', async () => {
      const send = issue('died', 'died')
      const [silent] = await sendUntil('issue.verified', send)
      service.advance(claimMs + 1)
      const again = await send()
      assert.equal(again.status, 201, again.text)
      release()
      // It was not dead after all, and finds that another one has the work.
      assert.equal((await silent)?.status, 503)
      assert.equal(await total('died'), 1)
      assert.equal((await send()).text, again.text)
      // Its reservation stays, for whoever closes what was not finished.
      assert.equal((await service.engine.query('SELECT certificate_id FROM open_reservation')).length, 1)
    })

    test('a request that was refused leaves its key free', async () => {
      assert.equal((await issue('free', 'free', { csr: 'none' })()).status, 400)
      assert.equal((await issue('free', 'free')()).status, 201)
    })
  })
}
