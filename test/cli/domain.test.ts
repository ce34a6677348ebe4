import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startInternet, type TestInternet } from '../support/internet.ts'
import { chancery, type RunningServer, startServer } from '../support/process.ts'
import { lastFirst } from '../support/stores.ts'

describe('what an operator does for domains, while the server runs', () => {
  const scope = lastFirst({ after })
  let internet: TestInternet
  let server: RunningServer
  let key: string
  let organizationId: number
  before(async () => {
    internet = await startInternet(scope)
    server = await startServer(scope)
    const { status, stdout, stderr } = await run([
      'account',
      'create',
      '--email',
      'ada@example.test',
      '--json',
    ])
    assert.equal(status, 0, stderr)
    key = JSON.parse(stdout).api_key
    const organization = await call('POST', '/organization', {
      ...{ name: 'Example Ltd', address: '1', zip: 8010, city: 'Graz', state: 'Styria', country: 'AT' },
      ...{ telephone: 1, organization_contact: { first_name: 'A', last_name: 'B', email: 'a@shop.example' } },
    })
    organizationId = organization.id
  })

  const run = (args: readonly string[]) => chancery([...args, '--data', server.dataFolder])
  const validate = (id: number, ...more: readonly string[]) =>
    run(['domain', 'validate', String(id), '--resolver', `127.0.0.1:${internet.dns.port}`, '--json', ...more])

  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${server.http}/services/v2${path}`, {
      method,
      headers: { 'x-dc-devkey': key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return JSON.parse(await answer.text())
  }

  const addDomain = (name: string, method: string) =>
    call('POST', '/domain', {
      ...{ name, organization: { id: organizationId }, validations: [{ type: 'ov' }], dcv_method: method },
    })

  test('domain validate --check looks for the random value now, and the server sees what it found', async () => {
    const { id, dcv_token: token } = await addDomain('shop.example.com', 'dns-txt-token')
    const absent = await validate(id, '--check')
    assert.equal(absent.status, 1)
    assert.match(absent.stderr, /random value of shop\.example\.com was not found by dns-txt-token/)
    internet.publishTxt('shop.example.com', token.token)
    const found = await validate(id, '--check')
    assert.equal(found.status, 0, found.stderr)
    assert.equal(JSON.parse(found.stdout).method, 'dns-txt-token')
    assert.equal((await call('GET', `/domain/${id}`)).status, 'approved')
    // A proof that counts is kept.
    assert.equal(JSON.parse((await validate(id)).stdout).method, 'dns-txt-token')
  })

  test('domain validate is the word of the operator, on which public certificates rest as on any proof', async () => {
    const { id } = await addDomain('word.example.com', 'dns-txt-token')
    assert.equal((await call('GET', `/domain/${id}`)).is_pending_validation, true)
    const validated = await validate(id)
    assert.equal(validated.status, 0, validated.stderr)
    assert.equal(JSON.parse(validated.stdout).method, 'operator')
    assert.equal((await call('GET', `/domain/${id}`)).is_pending_validation, false)
  })

  test('a domain that is approved by mail, and one that is not there, are told as such', async () => {
    const { id } = await addDomain('mail.example.com', 'email')
    assert.match((await validate(id, '--check')).stderr, /approved by mail/)
    assert.match((await validate(999_999)).stderr, /there is no such domain/)
  })
})
