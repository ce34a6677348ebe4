import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { changePassphrase } from '../../../src/core/accounts/passphrase-change.ts'
import { testCaller } from '../../support/installation.ts'
import { query } from './client.ts'
import { codeOf, TestService } from './service.ts'

const minute = 60_000
const service = await TestService.start({ after })

test('an unused session ends after its idle time, a used one does not', async () => {
  const used = await service.connected('used@example.test')
  const unused = await service.connected('unused@example.test')
  for (let passed = 0; passed < 60; passed += 20) {
    service.advance(20 * minute)
    assert.equal((await used.call('ca/list')).status, 200)
  }
  assert.equal(codeOf(await unused.call('ca/list')), 'InvalidToken')
  service.advance(31 * minute)
  assert.equal(codeOf(await used.call('ca/list')), 'InvalidToken')
})

test('sessions of one account stand side by side and end one by one', async () => {
  const account = await service.connected('several@example.test')
  const first = account.token
  const second = await account.connect()
  const list = (token: string) => account.signed('ca/list', query({ token }))
  assert.equal((await account.signed('disconnect', query({ token: first }))).text, '{}')
  assert.equal(codeOf(await list(first)), 'InvalidToken')
  assert.equal((await list(second)).status, 200)
  assert.equal(codeOf(await account.signed('disconnect', query({ token: first }))), 'InvalidToken')
})

test('tokens that cannot be ours are InvalidToken', async () => {
  const account = await service.connected('tokens@example.test')
  for (const token of [
    '',
    'x',
    account.token.toUpperCase(),
    `${account.token}0`,
    '0'.repeat(64),
    'é'.repeat(64),
  ]) {
    assert.equal(codeOf(await account.signed('ca/list', query({ token }))), 'InvalidToken', token)
  }
})

test('P21 a token sent to /connect is not taken over, and a new one comes with each login', async () => {
  const account = await service.createAccount('fixed@example.test')
  const { email, passphrase } = account.credentials
  const chosen = 'f'.repeat(64)
  const answer = await account.signed('connect', query({ email, passphrase, token: chosen }))
  assert.equal(answer.status, 200)
  assert.ok(!answer.text.includes(chosen))
  assert.equal(codeOf(await account.signed('ca/list', query({ token: chosen }))), 'InvalidToken')
})

test('P21 a change of the passphrase ends every session', async () => {
  const account = await service.connected('changed@example.test')
  const { email, passphrase } = account.credentials
  const newPassphrase = 'another passphrase altogether'
  const change = { accountId: account.id, current: passphrase, next: newPassphrase }
  await changePassphrase(service.engine, change, testCaller)
  assert.equal(codeOf(await account.call('ca/list')), 'InvalidToken')
  assert.equal(codeOf(await account.signed('connect', query({ email, passphrase }))), 'PassphraseFailure')
  const again = await account.signed('connect', query({ email, passphrase: newPassphrase }))
  assert.equal(again.status, 200)
})

test('P21 wrong passphrases in a row are delayed with Retry-After; other accounts are not', async () => {
  const account = await service.createAccount('guessed@example.test')
  const { email } = account.credentials
  const codes = new Set<unknown>()
  let last = await account.signed('connect', query({ email, passphrase: 'guess' }))
  for (let guess = 0; guess < 20; guess++) {
    last = await account.signed('connect', query({ email, passphrase: `guess ${guess}` }))
    codes.add(codeOf(last))
  }
  assert.deepEqual([...codes], ['PassphraseFailure', 'RateLimitExceeded'])
  assert.equal(last.status, 429)
  assert.ok(Number(last.headers['retry-after']) >= 1)
  // The right one waits too, else the delay would tell right from wrong.
  const { passphrase } = account.credentials
  assert.equal(codeOf(await account.signed('connect', query({ email, passphrase }))), 'RateLimitExceeded')
  await (await service.createAccount('bystander@example.test')).connect()
  service.advance(15 * minute)
  await account.connect()
})

test('the address of an account is matched whatever its letter case', async () => {
  const account = await service.createAccount('Case@Example.test')
  const { passphrase } = account.credentials
  assert.equal(
    (await account.signed('connect', query({ email: 'CASE@example.TEST', passphrase }))).status,
    200,
  )
})

test('a stored account that was changed is AccountError, at /connect and in its sessions', async () => {
  const account = await service.connected('corrupt@example.test')
  service.edit("UPDATE account SET name = 'changed' WHERE id = ?", account.id)
  const answer = await account.call('ca/list')
  assert.equal(answer.status, 500)
  assert.equal(codeOf(answer), 'AccountError')
  const { email, passphrase } = account.credentials
  assert.equal(codeOf(await account.signed('connect', query({ email, passphrase }))), 'AccountError')
})

test('an account that was removed while its session lives is AccountNotLoaded', async () => {
  const account = await service.connected('removed@example.test')
  service.edit('DELETE FROM account WHERE id = ?', account.id)
  const answer = await account.call('ca/list')
  assert.equal(answer.status, 500)
  assert.equal(codeOf(answer), 'AccountNotLoaded')
})

test('a session whose wrapped key does not open is SessionError', async () => {
  const account = await service.connected('spoilt@example.test')
  service.edit(
    'UPDATE session SET secrets_sealed = zeroblob(length(secrets_sealed)) WHERE account_id = ?',
    account.id,
  )
  const answer = await account.call('ca/list')
  assert.equal(answer.status, 500)
  assert.equal(codeOf(answer), 'SessionError')
})

test('a CA record that cannot be opened is UnknownError, without internals', async () => {
  const account = await service.connected('broken@example.test')
  const ca = await account.createAuthority()
  service.edit("UPDATE authority SET signature_algorithm = 'rot13' WHERE id = ?", Number(ca))
  const answer = await account.call('ca/details', { ca_id: ca })
  assert.equal(answer.status, 500)
  assert.equal(codeOf(answer), 'UnknownError')
  assert.doesNotMatch(answer.text, /rot13|authority|\.ts|Error:/)
})
