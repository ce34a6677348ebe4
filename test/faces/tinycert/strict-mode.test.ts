import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { changeAccountSettings } from '../../../src/core/accounts/change-account-settings.ts'
import { testCaller } from '../../support/installation.ts'
import { member, query } from './client.ts'
import { codeOf, TestService } from './service.ts'

const service = await TestService.start({ after })
const alice = await service.connected('alice@example.test')
await changeAccountSettings(service.engine, alice.id, { tinycertStrict: true }, testCaller)

const seconds = () => Math.floor(service.engine.clock.now() / 1_000)
let count = 0
const strict = (path: string, change: Readonly<Record<string, string>> = {}) => ({
  path,
  time: String(seconds()),
  nonce: `nonce-${String(++count).padStart(12, '0')}`,
  ...change,
})

test('a strict account is served when path, time and nonce are signed into the call', async () => {
  const { email, passphrase } = alice.credentials
  const answer = await alice.signed('connect', query({ email, passphrase, ...strict('connect') }))
  assert.equal(answer.status, 200, answer.text)
  assert.equal((await alice.call('ca/list', strict('ca/list'))).status, 200)
  assert.equal((await alice.call('ca/list.xml', strict('ca/list'))).status, 200)
})

test('a strict account is refused, by parameter, without one of them', async () => {
  for (const name of ['path', 'time', 'nonce']) {
    const { [name]: _, ...rest }: Record<string, string> = strict('ca/list')
    const answer = await alice.call('ca/list', rest)
    assert.equal(codeOf(answer), 'MissingParameter')
    assert.match(answer.text, new RegExp(`\\b${name}\\b`))
  }
  const { email, passphrase } = alice.credentials
  assert.equal(codeOf(await alice.signed('connect', query({ email, passphrase }))), 'MissingParameter')
})

test('the same call sent twice, or to another endpoint, or too late has no effect', async () => {
  const call = query({ token: alice.token, ...strict('ca/new'), C: 'NL', O: 'Once', hash_method: 'sha256' })
  const answers = await Promise.all([alice.signed('ca/new', call), alice.signed('ca/new', call)])
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400])
  const [made] = answers.filter(({ status }) => status === 200)
  const ca_id = String(member(made?.json(), 'ca_id'))

  const details = query({ token: alice.token, ca_id, ...strict('ca/details') })
  const elsewhere = await alice.signed('ca/delete', details)
  assert.equal(codeOf(elsewhere), 'InputFailure')
  assert.match(elsewhere.text, /path/)
  assert.equal((await alice.signed('ca/details', details)).status, 200)
  const again = await alice.signed('ca/details', details)
  assert.equal(codeOf(again), 'InputFailure')
  assert.match(again.text, /nonce/)
  service.advance(5 * 60_000)
  assert.match((await alice.signed('ca/details', details)).text, /nonce/)
  service.advance(1_000)
  assert.match((await alice.signed('ca/details', details)).text, /time/)
})

test('times five minutes off are taken and one second more is not; other texts are no time', async () => {
  const call = (time: string) => alice.call('ca/list', strict('ca/list', { time }))
  for (const offset of [-300, 300]) {
    assert.equal((await call(String(seconds() + offset))).status, 200, String(offset))
    const answer = await call(String(seconds() + offset + Math.sign(offset)))
    assert.equal(codeOf(answer), 'InputFailure', String(offset))
  }
  for (const time of ['x', '-1', '1e9', '', '9'.repeat(12)]) {
    assert.equal(codeOf(await call(time)), 'InputFailure', time)
  }
})

test('a nonce has 16 to 64 characters of a small alphabet', async () => {
  const call = (nonce: string) => alice.call('ca/list', strict('ca/list', { nonce }))
  assert.equal((await call('a'.repeat(16))).status, 200)
  assert.equal((await call('b'.repeat(64))).status, 200)
  for (const nonce of ['', 'a'.repeat(15), 'a'.repeat(65), `${'a'.repeat(16)} `, 'é'.repeat(20)]) {
    assert.equal(codeOf(await call(nonce)), 'InputFailure', nonce)
  }
})

test('accounts that are not strict are not asked, and share no nonces with others', async () => {
  const bob = await service.connected('bob@example.test')
  assert.equal((await bob.call('ca/list')).status, 200)
  const parameters = strict('ca/list')
  assert.equal((await alice.call('ca/list', parameters)).status, 200)
  assert.equal((await bob.call('ca/list', { ...parameters, path: 'elsewhere' })).status, 200)
  await changeAccountSettings(service.engine, bob.id, { tinycertStrict: true }, testCaller)
  assert.equal((await bob.call('ca/list', parameters)).status, 200)
  assert.equal(codeOf(await bob.call('ca/list', parameters)), 'InputFailure')
})
