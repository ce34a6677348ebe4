import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { enrollments } from '../../../src/core/lifecycle/enrollment.ts'
import { readId } from '../../../src/faces/one/ids.ts'
import { footprint } from '../../support/engine.ts'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import type { Scope } from '../../support/tmp.ts'
import { csrPem } from './requests.ts'
import { type Answer, type ServiceOptions, TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const minute = 60_000

interface Enrolled {
  readonly id: string
  readonly seat_id: string
  readonly enrollment_code: string
}

/** A service with a profile of enrollment codes, and one enrollment of it. */
async function enrolled(scope: Scope, options: ServiceOptions = {}) {
  const service = await TestService.start(scope, options)
  const tenant = await service.tenant()
  const profile = await tenant.postProfile({
    enrollment_method: 'scep',
    authentication_method: 'enrollment_code',
  })
  const made = await tenant.post(`${tlm}/enrollment`, { profile, seat: { seat_id: 'crane' } })
  assert.equal(made.status, 201, made.text)
  const enrollment: Enrolled = made.json()
  const csr = csrPem()
  const redeem = (more: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    tenant.post(
      `${tlm}/enrollment/redeem`,
      {
        profile: { id: profile },
        seat: { id: enrollment.seat_id },
        enrollment_code: enrollment.enrollment_code,
        csr,
        ...more,
      },
      { headers },
    )
  return { service, tenant, profile, enrollment, redeem }
}

async function statusOf(tenant: TestTenant, { id }: Enrolled): Promise<string> {
  return (await tenant.get(`${tlm}/enrollment-details/${id}`)).json().status
}

/** Claims it for an attempt that never comes back. */
function claimForTheDead({ engine }: TestService, tenant: TestTenant, { id }: Enrolled): Promise<void> {
  return engine.store.write(function* (transaction) {
    const held = yield* transaction
      .collection(enrollments)
      .hold(tenant.accountId, readId('enrollment', id) ?? 0)
    if (held === undefined) throw new Error('no such enrollment')
    const claim = { attempt: 'dead', until: engine.clock.now() + minute }
    yield* transaction.collection(enrollments).replace({ ...held, claim })
  })
}

function signal() {
  let give = (): void => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give }
}

for (const kind of storeKinds) {
  test(`of ten requests with one code at once one signs, and the others are refused before they do (${kind.name})`, {
    skip: kind.skip,
  }, async (context) => {
    let signed = 0
    const { service, tenant, enrollment, redeem } = await enrolled(lastFirst(context), {
      kind,
      stopAt: (point) => void (point === 'issue.signed' && signed++),
    })
    const before = { signed, ...(await footprint(service.engine)) }
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem()))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    for (const { status, code, text } of answers) {
      if (status !== 200) assert.deepEqual([status, code], [409, 'state_conflict'], text)
    }
    assert.equal(signed, before.signed + 1)
    assert.equal((await footprint(service.engine)).certificates, before.certificates + 1)
    assert.equal(await statusOf(tenant, enrollment), 'redeemed')
  })
}

describe('the claim of an enrollment', () => {
  test('whoever comes while another request redeems a code waits, and redeems it when that one fails', async (context) => {
    const reached = signal()
    const released = signal()
    let fails = false
    const { enrollment, tenant, redeem } = await enrolled(lastFirst(context), {
      async stopAt(point) {
        if (point !== 'issue.reserved' || !fails) return
        fails = false
        reached.give()
        await released.given
        throw new Error('the first attempt goes wrong')
      },
    })
    fails = true
    const first = redeem()
    await reached.given
    const second = redeem()
    released.give()
    assert.equal((await first).status, 500)
    assert.equal((await second).status, 200)
    assert.equal(await statusOf(tenant, enrollment), 'redeemed')
  })

  test('a certificate owner who was deleted is refused by name, and what was made is told again after that', async (context) => {
    const { tenant, redeem, enrollment } = await enrolled(lastFirst(context))
    const owner = async (email: string): Promise<string> => {
      const made = await tenant.post(`${tlm}/certificate-owners`, { account_id: tenant.accountUuid, email })
      return made.json().id
    }
    const [gone, present] = [await owner('gone@example.test'), await owner('here@example.test')]
    const remove = (id: string) => tenant.delete(`${tlm}/certificate-owners/${id}`)
    assert.equal((await remove(gone)).status, 204)
    for (const cert_owner_ids of [[gone], [present, gone], ['x']]) {
      const refused = await redeem({ cert_owner_ids })
      assert.deepEqual([refused.status, refused.field], [400, 'cert_owner_ids'])
    }
    assert.equal(await statusOf(tenant, enrollment), 'created')
    const again = () => redeem({ cert_owner_ids: [present] }, { 'idempotency-key': 'owned' })
    const first = await again()
    assert.equal(first.status, 200, first.text)
    assert.equal((await remove(present)).status, 204)
    assert.equal((await again()).text, first.text)
  })

  test('an attempt that is refused gives its claim back at once', async (context) => {
    const { redeem } = await enrolled(lastFirst(context))
    for (const [more, field] of [
      [{ csr: 'none' }, 'csr'],
      [{ attributes: { extensions: { san: { dns_names: ['a b'] } } } }, undefined],
    ] as const) {
      const refused = await redeem(more)
      assert.equal(refused.status, 400)
      if (field !== undefined) assert.equal(refused.field, field)
    }
    assert.equal((await redeem()).status, 200)
  })

  test('the claim of an attempt that died comes free after a minute; until then nothing is decided', async (context) => {
    const { service, tenant, enrollment, redeem } = await enrolled(lastFirst(context))
    await claimForTheDead(service, tenant, enrollment)
    const url = `${tlm}/enrollment/${enrollment.id}/status`
    const rejected = await tenant.put(url, { new_status: 'rejected' })
    assert.deepEqual([rejected.status, rejected.headers['retry-after']], [503, '1'])
    service.advance(minute - 1)
    assert.equal((await tenant.put(url, { new_status: 'rejected' })).status, 503)
    service.advance(1)
    assert.equal((await redeem()).status, 200)
    assert.equal(await statusOf(tenant, enrollment), 'redeemed')
  })

  test('an attempt whose claim another one took over while it was slow signs nothing', async (context) => {
    const scope = lastFirst(context)
    let takeOver: (() => Promise<void>) | undefined
    let signed = 0
    const { service, tenant, enrollment, redeem } = await enrolled(scope, {
      async stopAt(point) {
        if (point === 'issue.signed') signed++
        if (point === 'issue.before-reserve') await takeOver?.()
      },
    })
    takeOver = () => claimForTheDead(service, tenant, enrollment)
    const before = signed
    const answer = await redeem()
    assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1'])
    assert.equal(signed, before)
    assert.equal(await statusOf(tenant, enrollment), 'created')
  })
})
