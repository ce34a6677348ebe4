import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { unhex } from '../../support/hex.ts'
import { eventsOf } from '../../support/installation.ts'
import { issueLeaf } from '../../support/issued-objects.ts'
import { makeIssuer } from '../../support/issuers.ts'
import { openssl } from '../../support/openssl.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'

describe('owners, tags, imports and kept keys', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let other: TestTenant
  let profile: string
  let unit: string
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    other = await service.tenant('eve@example.test')
    profile = (await tenant.get('/mpki/api/v2/profile')).json()[0].id
    unit = (await tenant.get(`${tlm}/business-unit`)).json().items[0].id
  })
  let count = 0
  const issue = async (more: object = {}) => {
    const name = `pump-${++count}.harbour.example`
    const answer = await tenant.post(`${tlm}/certificate`, {
      profile: { id: profile },
      seat: { seat_id: name },
      csr: csrPem(),
      attributes: { subject: { common_name: name } },
      ...more,
    })
    assert.equal(answer.status, 201, answer.text)
    const { serial_number } = answer.json()
    return { ...answer.json(), ...(await tenant.get(`${tlm}/certificate/${serial_number}`)).json() }
  }

  test('an owner is made with 200, changed by version, assigned, found by and removed', async () => {
    const url = `${tlm}/certificate-owners`
    const body = { account_id: tenant.accountUuid, name: 'Ops', email: 'Ops@harbour.example' }
    const made = await tenant.post(url, body)
    assert.equal(made.status, 200, made.text)
    assert.equal((await tenant.post(url, body)).code, 'duplicate_error')
    assert.equal((await tenant.post(url, { ...body, email: undefined })).field, 'email')
    const { id } = made.json()
    const { etag } = (await tenant.get(`${url}/${id}`)).headers
    const put = () =>
      tenant.put(`${url}/${id}`, { name: 'Operations' }, { headers: { 'if-match': String(etag) } })
    assert.deepEqual([(await put()).status, (await put()).status], [204, 409])
    const { id: certificate } = await issue()
    assert.equal(
      (await tenant.post(`${url}/assign`, { certificate_ids: [certificate], cert_owner_ids: [id] })).status,
      204,
    )
    const found = await tenant.get(`${tlm}/certificate-search?cert_owners=${id}`)
    assert.deepEqual(
      found.json().items.map((item: { id: string }) => item.id),
      [certificate],
    )
    assert.equal((await issue({ cert_owner_ids: [id] })).cert_owner_ids[0], id)
    assert.equal((await tenant.get(`${url}?account_id=${tenant.accountUuid}`)).json().total, 1)
    assert.equal((await tenant.get(url)).field, 'account_id')
    for (const answer of [
      await other.get(`${url}/${id}`),
      await other.delete(`${url}/${id}`),
      await other.post(`${url}/assign`, { certificate_ids: [certificate] }),
    ]) {
      assert.equal(answer.status, 404)
    }
    assert.equal((await tenant.delete(`${url}/${id}`)).status, 204)
    assert.equal((await tenant.get(`${url}/${id}`)).status, 404)
  })

  test('tags are added, added to many, and replaced', async () => {
    const [first, second] = [await issue({ tags: ['a'] }), await issue()]
    assert.equal((await tenant.post(`${tlm}/certificate/${first.id}/tag`, { tags: ['b', 'a'] })).status, 204)
    const tags = async ({ id }: { id: string }) =>
      (await tenant.get(`${tlm}/certificate-by-id/${id}`)).json().tags
    assert.deepEqual(await tags(first), ['a', 'b'])
    const both = { certificate_ids: [first.id, second.id] }
    assert.equal((await tenant.post(`${tlm}/certificate/tag/bulk-add`, { ...both, tags: ['c'] })).status, 204)
    assert.deepEqual([await tags(first), await tags(second)], [['a', 'b', 'c'], ['c']])
    assert.equal(
      (await tenant.post(`${tlm}/certificate/tag/bulk-replace`, { ...both, tags: ['d'] })).status,
      204,
    )
    assert.deepEqual([await tags(first), await tags(second)], [['d'], ['d']])
    assert.equal((await tenant.get(`${tlm}/certificate-search?tags=d`)).json().total, 2)
    const mixed = await tenant.post(`${tlm}/certificate/tag/bulk-replace`, {
      certificate_ids: [first.id, 'x'],
      tags: ['e'],
    })
    assert.equal(mixed.status, 404)
    assert.deepEqual(await tags(first), ['d'])
    assert.equal((await tenant.post(`${tlm}/certificate/tag/bulk-add`, both)).field, 'tags')
  })

  test('certificates of others are imported, each entry with its own result', async () => {
    const made = await other.get('/certificate-authority/api/v1/ca')
    const download = await other.get(`/certificate-authority/api/v1/ca/${made.json().items[0].id}/download`)
    const entry = {
      cert_type: 'x509',
      business_unit_id: unit,
      seat_id: 'brought',
      cert: download.text,
      notes: 'from elsewhere',
      tag_name: 'old',
      revocation: { revoked: true, reason: 'superseded', revoke_date: '2026-01-01T00:00:00Z' },
    }
    const answer = await tenant.post(`${tlm}/certificate-import`, [
      entry,
      entry,
      { ...entry, cert: 'x' },
      { ...entry, cert: csrPem() },
      { ...entry, business_unit_id: 'x' },
      { ...entry, cert_type: 'pkcs12' },
      7,
    ])
    assert.equal(answer.status, 200, answer.text)
    const results = answer.json()
    assert.deepEqual(
      results.map((each: { import_status: string }) => each.import_status),
      ['SUCCESS', ...Array(6).fill('FAILED')],
    )
    assert.deepEqual(
      results.slice(1).map((each: { errors: { code: string }[] }) => each.errors[0]?.code),
      [
        'duplicate_error',
        'invalid_request',
        'invalid_request',
        'no_access',
        'invalid_request',
        'invalid_request',
      ],
    )
    assert.deepEqual(
      results.map((each: { cert_type?: string }) => each.cert_type),
      ['x509', 'x509', 'x509', 'x509', 'x509', 'pkcs12', undefined],
    )
    for (const { errors, error_message } of results.slice(1)) assert.equal(error_message, errors[0].message)
    const details = (await tenant.get(`${tlm}/certificate/${results[0].serial_number}`)).json()
    const brought = new X509Certificate(download.text)
    const { id: _id, serial_number, thumbprint, common_name, ...told } = results[0]
    assert.deepEqual(
      [serial_number, thumbprint, common_name],
      [details.serial_number, details.thumbprint, details.common_name],
    )
    assert.deepEqual(told, {
      import_status: 'SUCCESS',
      cert_type: 'x509',
      issuing_ca: brought.issuer.split('\n').toReversed().join(','),
      seat: { seat_id: 'brought', type: 'IMPORTED_SEAT' },
      business_unit: details.business_unit,
      cert_status: 'revoked',
      revocation: entry.revocation,
    })
    assert.deepEqual(
      [details.status, details.notes, details.tags, details.seat_type.id, details.source],
      ['revoked', 'from elsewhere', ['old'], 'IMPORTED_SEAT', 'imported'],
    )
    assert.equal(
      new X509Certificate(Buffer.from(details.certificate, 'base64')).serialNumber,
      results[0].serial_number,
    )
    assert.equal((await tenant.post(`${tlm}/certificate-import`)).status, 400)
  })

  test('an imported serial number that DER writes with an octet for its sign is shown and found without it', async () => {
    const serialNumber = `F1${'0A'.repeat(15)}`
    const cert = Buffer.from(issueLeaf(makeIssuer('p-256'), unhex(`00${serialNumber.toLowerCase()}`)))
    assert.equal(new X509Certificate(cert).serialNumber, serialNumber)
    const entry = { cert_type: 'x509', business_unit_id: unit, cert: cert.toString('base64') }
    const [imported] = (await tenant.post(`${tlm}/certificate-import`, [entry])).json()
    assert.equal(imported.serial_number, serialNumber)
    for (const written of [serialNumber, `00${serialNumber.toLowerCase()}`]) {
      const found = await tenant.get(`${tlm}/certificate/${written}`)
      assert.deepEqual([found.status, found.json().id], [200, imported.id], written)
      const listed = await tenant.get(`${tlm}/certificate-search?serial_number=${written}`)
      assert.equal(listed.json().total, 1, written)
    }
  })

  test('an imported certificate is not shown as revoked by whoever did not issue it', async () => {
    const { id } = (await other.get('/certificate-authority/api/v1/ca')).json().items.at(-1)
    const { text } = await other.get(`/certificate-authority/api/v1/ca/${id}/download`)
    const entry = { cert_type: 'x509', business_unit_id: unit, seat_id: 'watched', cert: text }
    const [{ serial_number, ...result }] = (await tenant.post(`${tlm}/certificate-import`, [entry])).json()
    assert.deepEqual(
      [result.import_status, result.cert_status, result.revocation],
      ['SUCCESS', 'issued', undefined],
    )
    const url = `${tlm}/certificate/${serial_number}`
    for (const revocation_reason of ['superseded', 'certificate_hold']) {
      const answer = await tenant.put(`${url}/revoke`, { revocation_reason })
      assert.deepEqual([answer.status, answer.code], [400, 'invalid_request'])
    }
    assert.equal((await tenant.get(url)).json().status, 'issued')
  })

  test('an imported certificate that is on hold is suspended, and gets a seat of its own name', async () => {
    const { text } = await other.get(
      `/certificate-authority/api/v1/ca/${other.id('authority', other.made.authorities.root.id)}/download`,
    )
    const stranger = await service.tenant('mallory@example.test')
    const [{ id }] = (await stranger.get(`${tlm}/business-unit`)).json().items
    const revocation = { revoked: true, reason: 'certificate_hold', revoke_date: '2026-01-01T00:00:00Z' }
    const entry = { cert_type: 'x509', business_unit_id: id, cert: text, revocation }
    const [result] = (await stranger.post(`${tlm}/certificate-import`, [entry])).json()
    assert.deepEqual(
      [result.import_status, result.cert_status, result.revocation.reason],
      ['SUCCESS', 'suspended', 'certificate_hold'],
    )
    const details = (await stranger.get(`${tlm}/certificate/${result.serial_number}`)).json()
    assert.deepEqual(
      [details.status, details.seat.seat_id, details.revocation],
      ['suspended', result.common_name, undefined],
    )
    const { items } = (await stranger.get(`${tlm}/certificate-search?status=suspended`)).json()
    assert.deepEqual(
      items.map((each: { serial_number: string }) => each.serial_number),
      [result.serial_number],
    )
  })

  test('P20 (ONE) a kept key is recovered once for each approval of somebody else, and every refusal is told', async () => {
    const [{ business_unit_id, template, ...rest }] = (await tenant.get('/mpki/api/v2/profile')).json()
    const escrow = await tenant.post(`${tlm}/profile`, {
      account_id: tenant.accountUuid,
      business_unit_id,
      template_id: template.id,
      ica: { id: tenant.id('authority', tenant.made.authorities.issuing.id) },
      name: 'Kept',
      enrollment_method: rest.enrollment_method,
      authentication_method: rest.authentication_method,
      renewal_window_days: 30,
      seat_id_mapping: 'common_name',
      key_escrow_policy: { key_escrow_enabled: true },
    })
    const made = await issue({ profile: { id: escrow.json().id }, csr: undefined, delivery_format: 'pkcs12' })
    assert.equal(made.pkcs12_password, made.pkcs12Password)
    assert.equal(made.escrow, true)
    const open = async (file: string, password: string) =>
      (
        await openssl(['pkcs12', '-nodes', '-passin', `pass:${password}`], {
          input: Buffer.from(file, 'base64'),
        })
      ).text
    const first = (
      await tenant.post(`${tlm}/certificate`, {
        profile: { id: escrow.json().id },
        seat: { seat_id: 'k' },
        delivery_format: 'pkcs12',
        attributes: { subject: { common_name: 'kept.example' } },
      })
    ).json()
    const key = (await open(first.certificate, first.pkcs12_password)).match(
      /-----BEGIN PRIVATE KEY-----[^-]+/,
    )?.[0]
    assert.ok(key)
    const recover = (by: TestTenant, serial = first.serial_number) =>
      by.get(`${tlm}/certificate/escrow/recover/${serial}?include_chain=true`)
    const approve = (by: TestTenant, serial = first.serial_number) =>
      by.post(`${tlm}/certificate/escrow/approve/${serial}`)
    const manager = await tenant.program('recovery', ['EM_RECOVERY_MANAGER'])
    const refusals = (await eventsOf(service.engine.installation, 'key.release-refused')).length
    assert.equal((await recover(manager)).status, 422)
    assert.equal((await approve(manager)).status, 200)
    assert.equal((await approve(manager)).status, 422)
    assert.equal((await recover(manager)).status, 422)
    const second = await tenant.post('/account/api/v1/api-access-token', {
      user_id: (await manager.get('/account/api/v1/user/me')).json().id,
      name: 'second',
    })
    assert.equal(second.status, 201, second.text)
    const alias = manager.with(second.json().token)
    assert.deepEqual([(await approve(alias)).status, (await recover(alias)).status], [422, 422])
    const looked = await service.call(
      tenant.key,
      'HEAD',
      `${tlm}/certificate/escrow/recover/${first.serial_number}`,
    )
    assert.equal(looked.status, 405, 'a look at the head spends no approval')
    const recovered = await recover(tenant)
    assert.equal(recovered.status, 200, recovered.text)
    assert.deepEqual(Object.keys(recovered.json()), ['delivery_format', 'certificate', 'pkcs12_password'])
    const text = await open(recovered.json().certificate, recovered.json().pkcs12_password)
    assert.equal(text.match(/-----BEGIN PRIVATE KEY-----[^-]+/)?.[0], key)
    assert.equal((await recover(tenant)).status, 422)
    const spent = await eventsOf(service.engine.installation, 'recovery.approval-spent')
    const { serialNumber, approver } = spent[0]?.detail ?? {}
    assert.deepEqual([spent.length, serialNumber], [1, first.serial_number])
    assert.ok(approver !== undefined && approver !== tenant.user.id)
    const { serial_number: unkept } = await issue()
    const answers = [await recover(tenant, unkept), await recover(tenant, '00ABCD'), await recover(other)]
    assert.deepEqual(
      answers.map(({ status, code }) => [status, code]),
      Array(3).fill([404, 'resource_not_found']),
    )
    assert.equal(new Set(answers.map((answer) => answer.json().message)).size, 1)
    assert.deepEqual(
      [(await approve(tenant, unkept)).status, (await approve(tenant, '00ABCD')).status],
      [422, 404],
    )
    const clerk = await tenant.program('clerk', ['EM_EPKI_USER_&_CERT_MANAGER'])
    assert.equal((await recover(clerk)).status, 403)
    assert.equal((await eventsOf(service.engine.installation, 'key.release-refused')).length, refusals + 7)
    assert.ok((await eventsOf(service.engine.installation, 'key.released')).length >= 3)

    const posted = (by: TestTenant, body?: object) =>
      by.post(`${tlm}/certificate/escrow/recover/${first.serial_number}?include_chain=true`, body)
    assert.deepEqual([(await posted(clerk)).status, (await posted(tenant)).status], [403, 422])
    assert.equal((await approve(manager)).status, 200)
    const again = await posted(tenant, {})
    assert.equal(again.status, 200, again.text)
    assert.deepEqual(Object.keys(again.json()), ['delivery_format', 'certificate', 'pkcs12_password'])
    const opened = await open(again.json().certificate, again.json().pkcs12_password)
    assert.equal(opened.match(/-----BEGIN PRIVATE KEY-----[^-]+/)?.[0], key)
    assert.deepEqual([(await posted(tenant)).status, (await recover(tenant)).status], [422, 422])
  })
})
