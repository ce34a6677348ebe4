import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { certificatesIn, csrPem, rsaKeys } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const day = 86_400_000

describe('requests that wait for approval', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let manual: string
  let coded: string
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    manual = await tenant.postProfile({
      enrollment_method: 'rest_api',
      authentication_method: 'manual_approval',
      allowed_key_sizes: ['P-256', 'P-384'],
    })
    coded = await tenant.postProfile({ enrollment_method: 'scep', authentication_method: 'enrollment_code' })
  })
  let count = 0
  const request = (more: object = {}) => {
    const name = `quay-${++count}`
    return {
      profile: { id: manual },
      seat: { seat_id: name },
      csr: csrPem(),
      attributes: { subject: { common_name: name } },
      ...more,
    }
  }
  const ask = async (more: object = {}) => {
    const answer = await tenant.post(`${tlm}/manual-enrollment`, request(more))
    assert.equal(answer.status, 201, answer.text)
    return answer.json()
  }
  const decide = (id: string, more: object) => tenant.put(`${tlm}/enrollment/${id}/status`, more)
  const approve = (id: string, more: object = {}) => decide(id, { new_status: 'approved', ...more })
  const details = async (id: string) => (await tenant.get(`${tlm}/enrollment-details/${id}`)).json()
  const certificateOf = async (id: string) => {
    const { certificate_id } = await details(id)
    return (await tenant.get(`${tlm}/certificate-by-id/${certificate_id}`)).json()
  }
  const daysOf = ({ valid_from, valid_to }: { valid_from: string; valid_to: string }) =>
    Math.round((Date.parse(valid_to) - Date.parse(valid_from)) / day)

  test('a manual enrollment is pending without a code, and issued when it is approved', async () => {
    const waiting = await ask()
    assert.deepEqual(
      [waiting.status, waiting.profile_id, waiting.enrollment_code],
      ['pending', manual, undefined],
    )
    assert.equal((await approve(waiting.id)).status, 204)
    const { status, common_name, enrollment_id } = await certificateOf(waiting.id)
    assert.deepEqual([status, common_name, enrollment_id], ['issued', waiting.seat_id, waiting.id])
  })

  test('an owner who was deleted while a request waited is not named by its certificate, the others are', async () => {
    const owner = async (email: string): Promise<string> => {
      const made = await tenant.post(`${tlm}/certificate-owners`, { account_id: tenant.accountUuid, email })
      return made.json().id
    }
    const [gone, present] = [await owner('gone@example.test'), await owner('here@example.test')]
    const waiting = [
      await ask({ cert_owner_ids: [gone, present] }),
      await ask({ cert_owner_ids: [gone] }),
      await ask({ cert_owner_ids: [present] }),
    ]
    assert.equal((await tenant.delete(`${tlm}/certificate-owners/${gone}`)).status, 204)
    const named: unknown[] = []
    for (const { id } of waiting) {
      assert.equal((await approve(id)).status, 204)
      named.push((await certificateOf(id)).cert_owner_ids)
    }
    assert.deepEqual(named, [[present], [], [present]])
  })

  test('a manual enrollment needs a profile that asks for approval', async () => {
    const answer = await tenant.post(`${tlm}/manual-enrollment`, request({ profile: { id: coded } }))
    assert.deepEqual([answer.status, answer.field], [400, 'profile.id'])
  })

  test('whoever approves says how long the certificate lasts', async () => {
    const waiting = await ask({ validity: { unit: 'days', duration: 300 } })
    for (const days of [0, 36_501, 'long']) {
      const answer = await approve(waiting.id, { custom_validity_days: days })
      assert.deepEqual([answer.status, answer.field], [400, 'custom_validity_days'])
    }
    assert.equal((await details(waiting.id)).status, 'pending')
    assert.equal((await approve(waiting.id, { custom_validity_days: 17 })).status, 204)
    assert.equal(daysOf(await certificateOf(waiting.id)), 17)
  })

  test('what was granted to the holder of a code counts when the code is redeemed', async () => {
    const body = { profile: coded, seat: { seat_id: 'crane-granted' } }
    const made = (await tenant.post(`${tlm}/enrollment`, body)).json()
    assert.equal((await decide(made.id, { new_status: 'pending' })).status, 204)
    assert.equal((await approve(made.id, { custom_validity_days: 9 })).status, 204)
    const redeemed = await tenant.post(`${tlm}/enrollment/redeem`, {
      ...request({ profile: { id: coded }, seat: { id: 'crane-granted' } }),
      enrollment_code: made.enrollment_code,
    })
    assert.equal(redeemed.status, 200, redeemed.text)
    assert.equal(daysOf(await certificateOf(made.id)), 9)
  })

  test('what could never be issued is refused when it is asked for, and does not wait', async () => {
    const waiting = async () => (await tenant.get(`${tlm}/enrollment-details`)).json().total
    const before = await waiting()
    const named = (names: object) => ({
      attributes: { subject: { common_name: 'quay' }, extensions: { san: names } },
    })
    for (const [more, field] of [
      [{ csr: csrPem(rsaKeys) }, 'csr'],
      [{ csr: undefined }, 'csr'],
      [named({ dns_names: ['no name!'] }), 'attributes.extensions.san.dns_names.0'],
    ] as const) {
      for (const path of ['manual-enrollment', 'certificate']) {
        const answer = await tenant.post(`${tlm}/${path}`, request(more))
        assert.deepEqual([answer.status, answer.field], [400, field], answer.text)
      }
    }
    assert.equal(await waiting(), before)
  })

  test('a manual renewal over a key that the profile does not take is refused, and does not wait', async () => {
    const first = await ask()
    await approve(first.id, { custom_validity_days: 10 })
    const { certificate_id } = await details(first.id)
    const renew = (csr: string) => tenant.post(`${tlm}/manual-enrollment/renew/${certificate_id}`, { csr })
    const refused = await renew(csrPem(rsaKeys))
    assert.deepEqual([refused.status, refused.field], [400, 'csr'])
    assert.equal((await renew(csrPem())).status, 201)
  })

  test('one that was approved while nothing could be issued is approved again', async () => {
    const waiting = await ask()
    const profile = `${tlm}/profile/${manual}`
    assert.equal((await tenant.put(profile, { status: 'Suspended' })).status, 204)
    assert.equal((await approve(waiting.id, { custom_validity_days: 21 })).field, 'profile.id')
    assert.equal((await details(waiting.id)).status, 'approved')
    assert.equal((await tenant.put(profile, { status: 'Active' })).status, 204)
    assert.equal((await approve(waiting.id)).status, 204)
    assert.equal(daysOf(await certificateOf(waiting.id)), 21, 'as it was granted first')
    const again = await approve(waiting.id)
    assert.deepEqual([again.status, again.field], [400, 'new_status'], 'issued once')
  })

  test('of two approvals at once one certificate comes', async () => {
    const waiting = await ask()
    const both = await Promise.all([approve(waiting.id), approve(waiting.id)])
    assert.ok(
      both.some(({ status }) => status === 204),
      both.map(({ text }) => text).join(),
    )
    const url = `${tlm}/certificate-search?common_name=${waiting.seat_id}&status=issued`
    assert.equal((await tenant.get(url)).json().total, 1)
  })

  test('a certificate of a profile with approval is renewed by a manual enrollment alone', async () => {
    const first = await ask()
    await approve(first.id, { custom_validity_days: 10 })
    const { certificate_id } = await details(first.id)
    const { serial_number } = await certificateOf(first.id)
    const straight = await tenant.post(`${tlm}/certificate/${serial_number}/renew`, { csr: csrPem() })
    assert.deepEqual([straight.status, straight.field], [400, 'profile.id'])
    const url = `${tlm}/manual-enrollment/renew/${certificate_id}`
    const waiting = await tenant.post(url, { csr: csrPem(), comments: 'for another season' })
    assert.equal(waiting.status, 201, waiting.text)
    assert.equal((await approve(waiting.json().id)).status, 204)
    const renewed = await certificateOf(waiting.json().id)
    assert.notEqual(renewed.serial_number, serial_number)
    assert.deepEqual([renewed.common_name, renewed.notes], [first.seat_id, 'for another season'])
    assert.equal((await tenant.post(`${tlm}/manual-enrollment/renew/x`, {})).status, 404)
  })

  test('a certificate that has long to go is not renewed by a manual enrollment', async () => {
    const waiting = await ask()
    await approve(waiting.id)
    const { certificate_id } = await details(waiting.id)
    const answer = await tenant.post(`${tlm}/manual-enrollment/renew/${certificate_id}`, { csr: csrPem() })
    assert.equal(answer.status, 400)
  })

  test('a request that comes again with its key waits once, and the key of another one is refused', async () => {
    const body = request()
    const send = (sent: object) =>
      tenant.post(`${tlm}/manual-enrollment`, sent, { headers: { 'idempotency-key': 'wait' } })
    const answers = await Promise.all([send(body), send(body), send(body)])
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
    const other = await send(request())
    assert.deepEqual([other.status, other.code], [409, 'idempotency_conflict'])
  })

  test('the report of codes has the enrollments with codes, by profile, seat and unit', async () => {
    const report = async (query: string) => (await tenant.get(`${tlm}/report/enrollment-code${query}`)).json()
    const codes = await report('')
    assert.ok(codes.total >= 1)
    assert.ok(codes.items.every((item: { enrollment_code?: string }) => item.enrollment_code !== undefined))
    const [unit] = (await tenant.get(`${tlm}/business-unit`)).json().items
    assert.equal((await report(`?business_unit_id=${unit.id}`)).total, codes.total)
    assert.equal((await report(`?profile_id=${manual}`)).total, 0)
    assert.equal((await report('?seat_id=crane-granted')).total, 1)
    const foreign = await tenant.get(`${tlm}/report/enrollment-code?business_unit_id=${tenant.accountUuid}`)
    assert.deepEqual([foreign.status, foreign.code], [403, 'no_access'])
  })

  test('what is picked up is the certificate that was approved', async () => {
    const answer = await tenant.post(`${tlm}/certificate`, request())
    const { request_id } = answer.json()
    assert.equal((await approve(request_id)).status, 204)
    const { certificate } = (await tenant.post(`${tlm}/certificate-pickup/${request_id}`)).json()
    assert.equal(certificatesIn(certificate)[0]?.subject, `CN=quay-${count}`)
  })

  test('what is picked up comes as it was asked for, as the profile says, or as the pickup says', async () => {
    const bundled = await tenant.postProfile({
      enrollment_method: 'rest_api',
      authentication_method: 'manual_approval',
      certificate_delivery_format: 'pkcs7',
    })
    const sealed = await tenant.postProfile({
      enrollment_method: 'rest_api',
      authentication_method: 'manual_approval',
      key_escrow_policy: { key_escrow_enabled: true },
    })
    const kept = { profile: { id: sealed }, csr: undefined, delivery_format: 'pkcs12' }
    for (const [asked, pickup, format] of [
      [{}, undefined, 'x509'],
      [{ delivery_format: 'PKCS7' }, undefined, 'PKCS7'],
      [{ delivery_format: 'PKCS7' }, { delivery_format: 'PEM' }, 'PEM'],
      [{ profile: { id: bundled } }, undefined, 'pkcs7'],
      [{ profile: { id: bundled } }, { delivery_format: 'x509' }, 'x509'],
      [kept, undefined, 'x509'],
    ] as const) {
      const { request_id } = (await tenant.post(`${tlm}/certificate`, request(asked))).json()
      assert.equal((await approve(request_id)).status, 204)
      const picked = await tenant.post(`${tlm}/certificate-pickup/${request_id}`, pickup)
      assert.deepEqual([picked.status, picked.json().delivery_format], [200, format], JSON.stringify(asked))
      assert.match(picked.json().certificate, /7$/i.test(format) ? /BEGIN PKCS7/ : /BEGIN CERTIFICATE/)
    }
    for (const [chain, pickup, length] of [
      [true, undefined, 3],
      [true, { include_ca_chain: false }, 1],
      [false, { include_ca_chain: true }, 3],
    ] as const) {
      const asked = await tenant.post(`${tlm}/certificate`, request({ include_ca_chain: chain }))
      const { request_id } = asked.json()
      assert.equal((await approve(request_id)).status, 204)
      const picked = (await tenant.post(`${tlm}/certificate-pickup/${request_id}`, pickup)).json()
      assert.equal(certificatesIn(picked.certificate).length, length)
    }
  })

  test('a request is picked up for its own profile alone, while it waits too', async () => {
    const { request_id } = (await tenant.post(`${tlm}/certificate`, request())).json()
    const pickup = (id: string) => tenant.post(`${tlm}/certificate-pickup/${request_id}`, { profile: { id } })
    assert.equal((await pickup(manual)).json().status, 'PENDING')
    assert.equal((await pickup(coded)).status, 404)
  })
})
