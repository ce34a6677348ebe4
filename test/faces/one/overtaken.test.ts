import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { freshCsrPem } from './requests.ts'
import { TestService } from './service.ts'

const tlm = '/mpki/api/v1'
const day = 86_400_000

test('a certificate that is suspended, revoked meanwhile, or over is not renewed', async (context) => {
  let meanwhile: (() => Promise<void>) | undefined
  const service = await TestService.start(lastFirst(context), {
    async stopAt(point) {
      if (point !== 'issue.before-reserve') return
      await meanwhile?.()
    },
  })
  const tenant = await service.tenant()
  const [{ id }] = (await tenant.get('/mpki/api/v2/profile')).json()
  const issue = async (name: string) => {
    const made = await tenant.post(`${tlm}/certificate`, {
      profile: { id },
      seat: { seat_id: name },
      csr: freshCsrPem(),
      attributes: { subject: { common_name: name } },
      validity: { unit: 'days', duration: 20 },
    })
    return `${tlm}/certificate/${made.json().serial_number}`
  }
  const renew = (url: string) => tenant.post(`${url}/renew`, { csr: freshCsrPem() })
  const total = async () => (await tenant.get(`${tlm}/certificate-search`)).json().total
  const [held, raced, over] = [await issue('a.example'), await issue('b.example'), await issue('c.example')]
  const before = await total()
  assert.equal((await tenant.put(`${held}/revoke`, { revocation_reason: 'certificate_hold' })).status, 204)
  assert.equal((await renew(held)).status, 409)
  meanwhile = async () => {
    meanwhile = undefined
    assert.equal((await tenant.put(`${raced}/revoke`, { revocation_reason: 'key_compromise' })).status, 204)
  }
  assert.equal((await renew(raced)).status, 409)
  service.advance(21 * day)
  assert.equal((await renew(over)).status, 409)
  assert.equal(await total(), before)
})

test('a revocation that overtakes a suspension is what is shown', async (context) => {
  let meanwhile: (() => Promise<void>) | undefined
  const service = await TestService.start(lastFirst(context), {
    async stopAt(point) {
      if (point !== 'revoke.committed') return
      await meanwhile?.()
    },
  })
  const tenant = await service.tenant()
  const [{ id }] = (await tenant.get('/mpki/api/v2/profile')).json()
  const made = await tenant.post(`${tlm}/certificate`, {
    profile: { id },
    seat: { seat_id: 'd.example' },
    csr: freshCsrPem(),
    attributes: { subject: { common_name: 'd.example' } },
  })
  const url = `${tlm}/certificate/${made.json().serial_number}`
  meanwhile = async () => {
    meanwhile = undefined
    assert.equal((await tenant.put(`${url}/revoke`, { revocation_reason: 'key_compromise' })).status, 204)
  }
  assert.equal((await tenant.put(`${url}/revoke`, { revocation_reason: 'certificate_hold' })).status, 204)
  const { status, revocation } = (await tenant.get(url)).json()
  assert.deepEqual([status, revocation.reason], ['revoked', 'key_compromise'])
})

test('of two changes of one version of a certificate one is made', async (context) => {
  const service = await TestService.start(lastFirst(context))
  const tenant = await service.tenant()
  const [{ id }] = (await tenant.get('/mpki/api/v2/profile')).json()
  const made = await tenant.post(`${tlm}/certificate`, {
    profile: { id },
    seat: { seat_id: 'e.example' },
    csr: freshCsrPem(),
    attributes: { subject: { common_name: 'e.example' } },
  })
  const url = `${tlm}/certificate/${made.json().serial_number}`
  const headers = { 'if-match': String((await tenant.get(url)).headers.etag) }
  const answers = await Promise.all(
    ['certificate_hold', 'superseded'].map((revocation_reason) =>
      tenant.put(`${url}/revoke`, { revocation_reason }, { headers }),
    ),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409])
})
