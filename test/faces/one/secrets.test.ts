import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { verifyAudit } from '../../../src/core/audit/verify.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const am = '/account/api/v1'
const tlm = '/mpki/api/v1'

/** Uses every call that gives out a secret. @returns the secrets */
async function useSecrets(service: TestService, tenant: TestTenant): Promise<readonly string[]> {
  const { engine } = service
  await engine.store.write(function* (transaction) {
    yield* transaction.runtime.setSetting('operator-authority', String(tenant.made.authorities.issuing.id))
  })
  const headers = { 'idempotency-key': 'secret-1' }
  const user = (
    await tenant.post(`${am}/user`, { user_type: 'service', friendly_name: 'bot' }, { headers })
  ).json()
  const token = (
    await tenant.post(
      `${am}/api-access-token`,
      { user_id: 'me', name: 'second' },
      { headers: { 'idempotency-key': 'secret-2' } },
    )
  ).json()
  const file = (await tenant.post(`${am}/client-auth-certificate`, { user_id: 'me', name: 'laptop' })).json()
  const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
  const methods = { enrollment_method: 'scep', authentication_method: 'enrollment_code' }
  const common = {
    account_id: tenant.accountUuid,
    business_unit_id: profile.business_unit_id,
    template_id: profile.template.id,
    ica: { id: tenant.id('authority', tenant.made.authorities.issuing.id) },
    renewal_window_days: 30,
    seat_id_mapping: 'common_name',
  }
  const coded = (await tenant.post(`${tlm}/profile`, { ...common, ...methods, name: 'Coded' })).json()
  const enrollment = (
    await tenant.post(`${tlm}/enrollment`, { profile: coded.id, seat: { seat_id: 'x' } })
  ).json()
  const kept = (
    await tenant.post(`${tlm}/profile`, {
      ...common,
      enrollment_method: 'rest_api',
      authentication_method: 'third_party_app',
      name: 'Kept',
      key_escrow_policy: { key_escrow_enabled: true },
    })
  ).json()
  const made = (
    await tenant.post(`${tlm}/certificate`, {
      profile: { id: kept.id },
      seat: { seat_id: 'k' },
      delivery_format: 'pkcs12',
      attributes: { subject: { common_name: 'kept.example' } },
    })
  ).json()
  const secrets = [
    user.token.value,
    token.token,
    file.pkcs12_password,
    enrollment.enrollment_code,
    made.pkcs12_password,
    tenant.key,
  ]
  for (const secret of secrets) assert.ok(typeof secret === 'string' && secret.length >= 16)
  return secrets
}

test('P15 (ONE) a dump of the database holds no token, password, enrollment code or key in usable form', async (context) => {
  const service = await TestService.start(lastFirst(context))
  const tenant = await service.tenant()
  const secrets = await useSecrets(service, tenant)
  const { databaseFile } = service.engine.installation
  const dump = Buffer.concat([databaseFile, `${databaseFile}-wal`].map((file) => readFileSync(file)))
  assert.ok(dump.includes('harbour') || dump.includes('Harbour'))
  for (const secret of secrets) {
    assert.equal(dump.includes(secret), false, secret.slice(0, 4))
    assert.equal(dump.includes(Buffer.from(secret).toString('base64').slice(0, 20)), false)
  }
  assert.equal(dump.includes('BEGIN PRIVATE KEY'), false)
})

test('P16 (ONE) no secret stands in log, errors or audit events', async (context) => {
  const lines: string[] = []
  const note = (facts: object, message: string) => {
    const { err, ...others } = facts as { err?: Error }
    lines.push(JSON.stringify(others), String(err?.stack), String(JSON.stringify(err)), message)
  }
  const log = { info: note, warn: note, error: note }
  const service = await TestService.start(lastFirst(context), { log })
  const tenant = await service.tenant()
  const secrets = await useSecrets(service, tenant)
  const answers = [
    await tenant.post(`${am}/api-access-token`, { user_id: 'me', name: secrets[0], end_date: secrets[1] }),
    await tenant.post(`${tlm}/enrollment/redeem`, {
      profile: { id: 'x' },
      seat: { id: 'x' },
      enrollment_code: secrets[3],
      csr: csrPem(),
    }),
    await service.call(`${secrets[0]}0`, 'GET', `${am}/user`),
    await tenant.get(`${tlm}/nothing`),
  ]
  for (const answer of answers) assert.ok(answer.status >= 400)
  const told = [...lines, ...answers.map(({ text }) => text)]
  const [{ bodies = '' } = {}] = await service.engine.query('SELECT group_concat(body) AS bodies FROM event')
  for (const secret of secrets) {
    assert.equal(
      [...told, String(bodies)].some((text) => text.includes(secret)),
      false,
      secret.slice(0, 4),
    )
  }
})

test('S12 (ONE) an event of this face that is changed or removed breaks the audit chain', async (context) => {
  const service = await TestService.start(lastFirst(context))
  const tenant = await service.tenant()
  await tenant.program('told', [])
  const { engine } = service
  const broken = async () => {
    const report = await verifyAudit(engine.store, await engine.highWater.read())
    return report.firstBroken && [report.firstBroken.sequence, report.firstBroken.defect]
  }
  assert.equal(await broken(), undefined)
  const [row] = await engine.query(`SELECT sequence FROM event WHERE body LIKE '%"friendlyName":"told"%'`)
  const sequence = Number(row?.sequence)
  await engine.query(`UPDATE event SET body = replace(body, 'told', 'untold') WHERE sequence = ${sequence}`)
  assert.deepEqual(await broken(), [sequence, 'changed'])
  await engine.query(`DELETE FROM event WHERE sequence = ${sequence}`)
  assert.deepEqual(await broken(), [sequence, 'removed'])
})
