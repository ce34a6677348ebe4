import assert from 'node:assert/strict'
import { hash, X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const day = 86_400_000

describe('enrollments', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let coded: string
  let approved: string
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    coded = await profile({ enrollment_method: 'scep', authentication_method: 'enrollment_code' })
    approved = await profile({ enrollment_method: 'rest_api', authentication_method: 'manual_approval' })
  })
  async function profile(methods: object): Promise<string> {
    const [unit] = (await tenant.get(`${tlm}/business-unit`)).json().items
    const made = await tenant.post(`${tlm}/profile`, {
      account_id: tenant.accountUuid,
      business_unit_id: unit.id,
      name: 'Devices',
      template_id: tenant.id('template', 3),
      ica: { id: tenant.id('authority', tenant.made.authorities.issuing.id) },
      renewal_window_days: 30,
      seat_id_mapping: 'common_name',
      ...methods,
    })
    return made.json().id
  }
  let count = 0
  const enroll = async (more: object = {}) => {
    const answer = await tenant.post(`${tlm}/enrollment`, {
      profile: coded,
      seat: { seat_id: `crane-${++count}`, email: 'ops@harbour.example' },
      attributes: {},
      ...more,
    })
    assert.equal(answer.status, 201, answer.text)
    return answer.json()
  }
  const redeem = (enrollment: { seat_id: string; enrollment_code: string }, more: object = {}) =>
    tenant.post(`${tlm}/enrollment/redeem`, {
      profile: { id: coded },
      seat: { id: enrollment.seat_id },
      enrollment_code: enrollment.enrollment_code,
      csr: csrPem(),
      attributes: { subject: { common_name: enrollment.seat_id } },
      ...more,
    })
  const details = async (id: string) => (await tenant.get(`${tlm}/enrollment-details/${id}`)).json()

  test('an enrollment has a code, lives ten days, and takes its profile in both spellings', async () => {
    const made = await enroll()
    assert.match(made.enrollment_code, /^[A-Z2-9]{16}$/)
    assert.equal(made.status, 'created')
    assert.equal(made.profile_id, coded)
    assert.equal(made.number_of_bad_attempts, 0)
    assert.match(made.creation_date_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
    assert.equal(
      Date.parse(`${made.expiry_date_time}Z`) - Date.parse(`${made.creation_date_time}Z`),
      10 * day,
    )
    await enroll({ profile: { id: coded } })
    const own = await enroll({ enrollment_code: 'own-code', expiry_date: '2026-12-24 18:00:00' })
    assert.deepEqual([own.enrollment_code, own.expiry_date_time], ['own-code', '2026-12-24T18:00:00.000000'])
    const found = await tenant.get(`${tlm}/enrollment/own-code?seat_id=${own.seat_id}`)
    assert.equal(found.json().id, own.id)
    assert.equal((await tenant.get(`${tlm}/enrollment/own-code`)).field, 'seat_id')
    assert.equal((await tenant.get(`${tlm}/enrollment/own-code?seat_id=other`)).status, 404)
    const list = await tenant.get(`${tlm}/enrollment-details/?profile_id=${coded}`)
    assert.ok(list.json().total >= 3)
  })

  test('an enrollment is listed by its seat and by any of several states, with the members that its list has', async () => {
    const made = await enroll()
    const listed = async (query: string) =>
      (await tenant.get(`${tlm}/enrollment-details/?seat_identifier=${made.seat_id}&${query}`)).json().items
    const [item, ...others] = await listed('statuses=CREATED&statuses=LOCKED')
    assert.deepEqual(others, [])
    const { seat, email, profile, created_at, expires_at } = item
    assert.deepEqual(seat, { seat_id: made.seat_id, seat_type: 'DEVICE_SEAT' })
    assert.deepEqual([email, profile.id], ['ops@harbour.example', coded])
    assert.deepEqual([created_at, expires_at], [made.creation_date_time, made.expiry_date_time])
    assert.deepEqual(await listed('statuses=redeemed,locked'), [])
    const refused = await tenant.get(`${tlm}/enrollment-details?statuses=CREATED&statuses=lost`)
    assert.deepEqual([refused.status, refused.field], [400, 'statuses'])
  })

  test('a code is redeemed once, even by two at once', async () => {
    const made = await enroll()
    const both = await Promise.all([redeem(made), redeem(made)])
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
    const { certificate_id, status } = await details(made.id)
    assert.equal(status, 'redeemed')
    assert.equal((await redeem(made)).status, 409)
    const item = (await tenant.get(`${tlm}/certificate-by-id/${certificate_id}`)).json()
    assert.deepEqual([item.common_name, item.enrollment_id], [made.seat_id, made.id])
    assert.equal((await tenant.get(`${tlm}/enrollment/certificate/${certificate_id}`)).json().id, made.id)
  })

  test('what is said when a code is given wins over whoever shows it, and the seat names the certificate', async () => {
    const made = await enroll({
      attributes: {
        subject: { organization_name: 'Harbour', organization_units: ['Quay'] },
        extensions: { san: { dns_names: ['crane.harbour.example'] } },
        validity: { duration_unit: 'days', duration_value: 5 },
      },
    })
    const answer = await redeem(made, {
      attributes: {
        subject: { organization_name: 'Pirates', locality: 'Delft' },
        extensions: { san: { dns_names: ['other.example'], emails: ['ops@harbour.example'] } },
      },
      validity: { unit: 'days', duration: 300 },
    })
    assert.equal(answer.status, 200, answer.text)
    const certificate = new X509Certificate(answer.json().certificate)
    assert.deepEqual(
      certificate.subject.split('\n').sort(),
      [`CN=${made.seat_id}`, 'L=Delft', 'O=Harbour', 'OU=Quay'].sort(),
    )
    assert.equal(certificate.subjectAltName, 'DNS:crane.harbour.example, email:ops@harbour.example')
    const lasts = Date.parse(certificate.validTo) - service.engine.clock.now()
    assert.ok(lasts > 4 * day && lasts <= 5 * day, certificate.validTo)
  })

  test('a mail address of the subject is an alternative name too, and refused by name where none can be', async () => {
    const subject = { email: 'crane@harbour.example' }
    const answer = await redeem(await enroll(), { attributes: { subject } })
    assert.equal(answer.status, 200, answer.text)
    const certificate = new X509Certificate(answer.json().certificate)
    assert.equal(certificate.subjectAltName, 'email:crane@harbour.example')
    const [server] = (await tenant.get('/mpki/api/v2/profile')).json()
    const refused = await tenant.post(`${tlm}/certificate`, {
      profile: { id: server.id },
      seat: { seat_id: 'crane' },
      csr: csrPem(),
      attributes: { subject: { ...subject, common_name: 'crane.harbour.example' } },
    })
    assert.deepEqual([refused.status, refused.field], [400, 'attributes.subject.email'])
  })

  test('what an enrollment cannot promise is refused by its name, and no code is made', async () => {
    const total = async () => (await tenant.get(`${tlm}/enrollment-details`)).json().total
    const before = await total()
    for (const [attributes, field] of [
      [{ subject: { country: 'NLD' } }, 'attributes.subject.country'],
      [{ validity: { days: 5 } }, 'attributes.validity.days'],
      [{ subject: { unique_identifier: 'x' } }, 'attributes.subject.unique_identifier'],
    ] as const) {
      const answer = await tenant.post(`${tlm}/enrollment`, {
        profile: coded,
        seat: { seat_id: 'x' },
        attributes,
      })
      assert.deepEqual([answer.status, answer.field], [400, field])
    }
    assert.equal(await total(), before)
  })

  test('enrollments and owners of certificates are listed in the order asked for', async () => {
    const seat_ids = ['sorted-b', 'sorted-a', 'sorted-c']
    const made: string[] = []
    for (const seat_id of seat_ids) made.push((await enroll({ seat: { seat_id } })).id)
    assert.equal(
      (await tenant.put(`${tlm}/enrollment/${made[1]}/status`, { new_status: 'pending' })).status,
      204,
    )
    const places = async (query: string) => {
      const { items } = (await tenant.get(`${tlm}/enrollment-details?limit=1000&${query}`)).json()
      return items.map(({ id }: { id: string }) => made.indexOf(id)).filter((place: number) => place >= 0)
    }
    assert.deepEqual(await places('sort=seat_id'), [1, 0, 2])
    assert.deepEqual(await places('sort=seat_id:desc'), [2, 0, 1])
    assert.deepEqual(await places('sort=created_at:desc'), [2, 1, 0])
    assert.deepEqual(await places('sort=status:desc&sort=seat_id:desc'), [1, 2, 0])
    const account_id = tenant.accountUuid
    for (const email of ['b@example.test', 'a@example.test']) {
      assert.equal((await tenant.post(`${tlm}/certificate-owners`, { account_id, email })).status, 200)
    }
    const owners = async (sort: string) => {
      const list = await tenant.get(`${tlm}/certificate-owners?account_id=${account_id}&sort=${sort}`)
      return list.json().items.map(({ email }: { email: string }) => email.charAt(0))
    }
    assert.deepEqual(await owners('email'), ['a', 'b'])
    assert.deepEqual(await owners('created_at:desc'), ['a', 'b'])
    assert.deepEqual(await owners('email:desc'), ['b', 'a'])
  })

  test('P21 (ONE) a chosen code of seven characters is refused, one of eight is taken, and what is kept of it cannot be guessed at', async () => {
    for (const [enrollment_code, status] of [
      ['7 chars', 400],
      ['\u{1f511}'.repeat(7), 400],
      [1_234_567, 400],
      ['8 chars.', 201],
      ['x'.repeat(64), 201],
      [662_641_677, 201],
      ['', 201],
    ] as const) {
      const answer = await tenant.post(`${tlm}/enrollment`, {
        profile: coded,
        seat: { seat_id: 'chosen' },
        enrollment_code,
      })
      assert.equal(answer.status, status, answer.text)
      if (status === 201) continue
      assert.equal(answer.field, 'enrollment_code')
      assert.match(answer.json().message, /enrollment_code at least 8 characters/)
    }
    const rows = await service.engine.query('SELECT code_digest, document FROM enrollment')
    const digest = hash('sha256', '8 chars.', 'hex')
    assert.ok(rows.length > 0 && rows.every((row) => !JSON.stringify(row).includes(digest)))
  })

  test('P21 (ONE) five wrong codes lock an enrollment, until somebody sets it back', async () => {
    const made = await enroll()
    for (let attempt = 1; attempt <= 5; attempt++) {
      const answer = await redeem({ ...made, enrollment_code: `wrong-${attempt}` })
      assert.deepEqual([answer.status, answer.code], [403, 'access_denied'])
      assert.equal((await details(made.id)).number_of_bad_attempts, attempt)
    }
    assert.equal((await details(made.id)).status, 'locked')
    assert.equal((await redeem(made)).status, 403)
    const url = `${tlm}/enrollment/${made.id}/status`
    assert.equal((await tenant.put(url, { new_status: 'created' })).status, 204)
    assert.equal((await details(made.id)).number_of_bad_attempts, 0)
    assert.equal((await redeem(made)).status, 200)
  })

  test('P21 (ONE) whoever guesses on at one that is locked is not told when he is right', async () => {
    const made = await enroll()
    for (let attempt = 1; attempt <= 5; attempt++) await redeem({ ...made, enrollment_code: 'wrong' })
    const [wrong, right] = [await redeem({ ...made, enrollment_code: 'wrong' }), await redeem(made)]
    assert.deepEqual(
      [wrong.status, wrong.code, wrong.json().message],
      [right.status, right.code, right.json().message],
    )
  })

  test('P21 (ONE) wrong codes count against one that was approved, too', async () => {
    const made = await enroll()
    const url = `${tlm}/enrollment/${made.id}/status`
    for (const new_status of ['pending', 'approved']) await tenant.put(url, { new_status })
    for (let attempt = 1; attempt <= 5; attempt++) await redeem({ ...made, enrollment_code: 'wrong' })
    assert.equal((await details(made.id)).status, 'locked')
    assert.equal((await redeem(made)).status, 403)
  })

  test('P21 (ONE) whoever may only view has five guesses at a code, too, and is not told when one of a locked enrollment is right', async () => {
    const viewer = await tenant.program('viewer', ['EM_VIEW_ONLY'])
    const made = await enroll()
    const shown = (code: string, by = viewer) => by.get(`${tlm}/enrollment/${code}?seat_id=${made.seat_id}`)
    const right = await shown(made.enrollment_code)
    assert.deepEqual([right.status, right.json().id], [200, made.id])
    assert.equal(right.json().enrollment_code, undefined)
    for (let attempt = 1; attempt <= 5; attempt++) {
      const answer = await shown(`wrong-${attempt}`)
      assert.deepEqual([answer.status, answer.code], [404, 'resource_not_found'])
      assert.equal((await details(made.id)).number_of_bad_attempts, attempt)
    }
    assert.equal((await details(made.id)).status, 'locked')
    const told = async (code: string) => {
      const { status, code: machineCode, field, ...answer } = await shown(code)
      return [status, machineCode, field, answer.json().message]
    }
    assert.deepEqual(await told('wrong-6'), await told(made.enrollment_code))
    assert.equal((await shown(made.enrollment_code)).status, 403)
    assert.equal((await redeem(made)).status, 403)
    const events = await service.engine.query(
      `select count(*) as told from event where body like '%"badAttempts":5%' and body like '%locked%'`,
    )
    assert.ok(Number(events[0]?.told) >= 1)
    assert.equal((await shown(made.enrollment_code, tenant)).json().status, 'locked')
  })

  test('who manages enrollments is told their codes, and looks for one that is not there without locking others', async () => {
    const made = await enroll()
    for (let attempt = 1; attempt <= 6; attempt++) {
      assert.equal(
        (await tenant.get(`${tlm}/enrollment/none-${attempt}?seat_id=${made.seat_id}`)).status,
        404,
      )
    }
    assert.equal((await details(made.id)).number_of_bad_attempts, 0)
    const other = await tenant.get(`${tlm}/enrollment/${made.enrollment_code}?seat_id=nobody`)
    assert.equal(other.status, 404)
  })

  test('P21 (ONE) of many enrollments of one seat each is redeemed by its own code, and guesses count behind those that are over', async () => {
    const seat = { seat_id: 'kiosk' }
    const past = new Date(service.engine.clock.now() + day).toISOString().slice(0, 10)
    for (let count = 0; count < 101; count++) await enroll({ seat, expiry_date: past })
    service.advance(3 * day)
    const [first, last] = [await enroll({ seat }), await enroll({ seat })]
    assert.equal((await redeem({ ...last, enrollment_code: 'wrong' })).status, 403)
    assert.equal((await details(last.id)).number_of_bad_attempts, 1)
    for (const made of [last, first]) {
      const answer = await redeem(made)
      assert.equal(answer.status, 200, answer.text)
    }
  })

  test('an enrollment whose time is over has expired and is refused, until it is created again', async () => {
    const made = await enroll()
    service.advance(11 * day)
    assert.equal((await details(made.id)).status, 'expired')
    assert.equal((await redeem(made)).status, 409)
    assert.equal(
      (await tenant.put(`${tlm}/enrollment/${made.id}/status`, { new_status: 'created' })).status,
      204,
    )
    assert.equal((await redeem(made)).status, 200)
  })

  test('only documented steps are taken', async () => {
    const made = await enroll()
    const url = `${tlm}/enrollment/${made.id}/status`
    for (const status of ['approved', 'redeemed', 'locked', 'created']) {
      const answer = await tenant.put(url, { new_status: status })
      assert.deepEqual([answer.status, answer.field], [400, 'new_status'], status)
    }
    assert.equal((await tenant.put(url, { new_status: 'rejected', message_to_user: 'no' })).status, 204)
    assert.equal((await tenant.put(url, { new_status: 'pending' })).status, 400)
    assert.equal((await tenant.put(url, { new_status: 'dancing' })).field, 'new_status')
  })

  test('what is wrong with an enrollment is named, and a profile without codes is refused', async () => {
    const [rest] = (await tenant.get('/mpki/api/v2/profile')).json()
    for (const [more, status, field] of [
      [{ profile: rest.id }, 400, 'profile.id'],
      [{ profile: 'x' }, 403, undefined],
      [{ profile: undefined }, 400, 'profile'],
      [{ seat: {} }, 400, 'seat.id'],
      [{ expiry_date: 'soon' }, 400, 'expiry_date'],
      [{ expiry_date: '2020-01-01' }, 400, 'expiry_date'],
    ] as const) {
      const answer = await tenant.post(`${tlm}/enrollment`, {
        profile: coded,
        seat: { seat_id: 'x' },
        ...more,
      })
      assert.deepEqual([answer.status, answer.field], [status, field], JSON.stringify(more))
    }
  })

  test('a request that needs approval is picked up as pending, then issued or rejected', async () => {
    const ask = async () => {
      const answer = await tenant.post(`${tlm}/certificate`, {
        profile: { id: approved },
        seat: { seat_id: 'quay-1' },
        csr: csrPem(),
        attributes: { subject: { common_name: 'quay-1' } },
      })
      assert.equal(answer.status, 201, answer.text)
      assert.equal(answer.json().certificate, undefined)
      return answer.json().request_id
    }
    const pickUp = async (id: string) =>
      (await tenant.post(`${tlm}/certificate-pickup/${id}`, { profile: { id: approved } })).json()
    const first = await ask()
    assert.deepEqual(await pickUp(first), { status: 'PENDING' })
    assert.equal(
      (await tenant.put(`${tlm}/enrollment/${first}/status`, { new_status: 'approved' })).status,
      204,
    )
    const issued = await pickUp(first)
    assert.equal(issued.status, 'ISSUED')
    assert.match(issued.certificate, /^-----BEGIN CERTIFICATE-----/)
    const second = await ask()
    assert.equal(
      (await tenant.put(`${tlm}/enrollment/${second}/status`, { new_status: 'rejected' })).status,
      204,
    )
    assert.deepEqual(await pickUp(second), { status: 'REJECTED' })
  })
})
