import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import {
  eventsOf,
  type Installation,
  openInstallation,
  tamper,
  testCaller,
} from '../../../test/support/installation.ts'
import { temporaryFolder } from '../../../test/support/tmp.ts'
import { type FaultCode, isFault } from '../faults.ts'
import { accountIntegrity } from './account-integrity.ts'
import { createAccount } from './create-account.ts'
import { loadAccount } from './load-account.ts'
import { changePassphrase } from './passphrase-change.ts'
import { openSession } from './session-open.ts'
import { closeSession, dropIdleSessions, useSession } from './session-use.ts'

const passphrase = '\ufeffopen *sesame* ~ now!'
const minute = 60_000

async function withAccount(context: TestContext) {
  const folder = temporaryFolder(context, 'sessions')
  const installation = await openInstallation({ folder })
  context.after(() => installation.close())
  const { account } = await createAccount(
    installation,
    { email: 'alice@example.test', passphrase },
    testCaller,
  )
  const open = () => openSession(installation, account, passphrase, testCaller)
  return { folder, installation, account, open }
}

async function refusal(installation: Installation, token: string, code: FaultCode): Promise<void> {
  await assert.rejects(useSession(installation, token), (error) => isFault(error, code), code)
}

test('a session gives the account, its vault key and the passphrase, octet for octet', async (context) => {
  const { installation, account, open } = await withAccount(context)
  const token = await open()
  assert.match(token, /^[0-9a-f]{64}$/)
  const session = await useSession(installation, token)
  assert.equal(session.account.id, account.id)
  assert.equal(session.passphrase(), passphrase)
  const key = await installation.keyService.generate({
    kind: 'p-256',
    purpose: 'subscriber',
    accountId: account.id,
    vaultKey: session.vaultKey,
    now: 0,
  })
  session.release()
  assert.deepEqual(Buffer.from(session.vaultKey), Buffer.alloc(32))
  const again = await useSession(installation, await open())
  assert.ok(installation.keyService.exportPrivateKey(key, again.vaultKey).length > 0)
})

test('P21 every login has a new token, and several sessions live side by side', async (context) => {
  const { installation, open } = await withAccount(context)
  const tokens = [await open(), await open(), await open()]
  assert.equal(new Set(tokens).size, 3)
  for (const token of tokens) await useSession(installation, token)
  assert.equal((await eventsOf(installation, 'session.opened')).length, 3)
})

test('a wrong passphrase is refused, told to the audit log, and slowed down', async (context) => {
  const { installation, account } = await withAccount(context)
  const attempt = (wrong: string) => openSession(installation, account, wrong, testCaller)
  for (const wrong of [
    '',
    passphrase.slice(1),
    `${passphrase} `,
    passphrase.toUpperCase(),
    'x'.repeat(1000),
  ]) {
    await assert.rejects(attempt(wrong), (error) => isFault(error, 'passphrase_wrong'))
  }
  await assert.rejects(attempt(passphrase), (error) => isFault(error, 'login_throttled'))
  installation.clock.time += 10_000
  await attempt(passphrase)
  assert.equal((await eventsOf(installation, 'login.refused')).length, 5)
  const [opened] = await eventsOf(installation, 'session.opened')
  assert.equal(opened?.detail.refusedUnchecked, 1)
})

test('P21 a text that is no token, or one of nobody, finds no session', async (context) => {
  const { installation, open } = await withAccount(context)
  const token = await open()
  for (const wrong of [
    '',
    'x',
    '0'.repeat(64),
    token.toUpperCase(),
    ` ${token}`,
    token.slice(1),
    `${token}0`,
  ]) {
    await refusal(installation, wrong, 'session_unknown')
  }
})

test('a session ends when it was idle for longer than 30 minutes, and use keeps it alive', async (context) => {
  const { installation, open } = await withAccount(context)
  const token = await open()
  for (let round = 0; round < 3; round++) {
    installation.clock.time += 30 * minute
    await useSession(installation, token)
  }
  installation.clock.time += 30 * minute + 1
  await refusal(installation, token, 'session_unknown')
})

test('the use of a session is written at most once a minute', async (context) => {
  const { installation, open } = await withAccount(context)
  const token = await open()
  const start = installation.clock.time
  const lastUsed = async () => {
    const { tokenDigest } = await useSession(installation, token)
    const session = await installation.store.read((view) => view.accounts.session(tokenDigest))
    return (session?.lastUsedAt ?? 0) - start
  }
  for (const [time, expected] of [
    [1, 0],
    [59_999, 0],
    [60_000, 60_000],
    [119_999, 60_000],
    [120_000, 120_000],
  ] as const) {
    installation.clock.time = start + time
    assert.equal(await lastUsed(), expected)
  }
})

test('idle sessions are dropped in batches, live ones stay', async (context) => {
  const { installation, open } = await withAccount(context)
  await open()
  await open()
  await open()
  installation.clock.time += 30 * minute + 1
  const live = await open()
  assert.equal(await dropIdleSessions(installation, 2), 2)
  assert.equal(await dropIdleSessions(installation, 2), 1)
  assert.equal(await dropIdleSessions(installation, 2), 0)
  await useSession(installation, live)
})

test('a session that was last used while the clock ran ahead has ended once it is right again', async (context) => {
  const { installation, open } = await withAccount(context)
  const { time } = installation.clock
  installation.clock.time += 365 * 24 * 60 * minute
  const token = await open()
  await useSession(installation, token)
  installation.clock.time = time
  await refusal(installation, token, 'session_unknown')
})

test('a closed session is unknown, and closing it again tells nothing twice', async (context) => {
  const { installation, open } = await withAccount(context)
  const token = await open()
  const session = await useSession(installation, token)
  await closeSession(installation, session, testCaller)
  await closeSession(installation, session, testCaller)
  await refusal(installation, token, 'session_unknown')
  assert.equal((await eventsOf(installation, 'session.closed')).length, 1)
})

test('a session survives a restart and serves another process of the same store', async (context) => {
  const { folder, installation, open } = await withAccount(context)
  const token = await open()
  const other = await openInstallation({ folder })
  context.after(() => other.close())
  assert.equal((await useSession(other, token)).passphrase(), passphrase)
  await closeSession(other, await useSession(other, token), testCaller)
  await refusal(installation, token, 'session_unknown')
})

test('secrets that do not open make a session unusable: changed, cut, or of another session', async (context) => {
  const { installation, open } = await withAccount(context)
  const [token, other] = [await open(), await open()]
  const { tokenDigest } = await useSession(installation, token)
  const { tokenDigest: otherDigest } = await useSession(installation, other)
  const update = 'update session set secrets_sealed = '
  tamper(
    installation,
    `${update}(select secrets_sealed from session where token_digest = ?) where token_digest = ?`,
    otherDigest,
    tokenDigest,
  )
  await refusal(installation, token, 'session_unusable')
  tamper(installation, `${update}substr(secrets_sealed, 1, 20) where token_digest = ?`, tokenDigest)
  await refusal(installation, token, 'session_unusable')
  tamper(installation, `${update}zeroblob(180) where token_digest = ?`, tokenDigest)
  await refusal(installation, token, 'session_unusable')
  await useSession(installation, other)
})

test('a session whose account is gone, changed or disabled is refused, each by its own fault', async (context) => {
  const { installation, account, open } = await withAccount(context)
  const token = await open()
  tamper(installation, `update account set name = 'Mallory'`)
  await refusal(installation, token, 'account_corrupt')
  tamper(installation, 'update account set name = ?', account.name)
  const disabled = { ...account, status: 'disabled' as const }
  const integrity = accountIntegrity(installation.sealer, disabled)
  await installation.store.write((transaction) => transaction.accounts.update({ ...disabled, integrity }))
  await refusal(installation, token, 'access_denied')
  const held = { ...disabled, integrity }
  await assert.rejects(openSession(installation, held, passphrase, testCaller), (error) =>
    isFault(error, 'access_denied'),
  )
  tamper(installation, 'delete from account')
  await refusal(installation, token, 'account_unavailable')
})

test('P21 a changed passphrase ends every session, and only the new one opens the vault', async (context) => {
  const { installation, account, open } = await withAccount(context)
  const tokens = [await open(), await open()]
  const vaultKey = Buffer.from((await useSession(installation, tokens[0] ?? '')).vaultKey)
  const next = 'a new passphrase'
  const change = { accountId: account.id, current: passphrase, next }
  assert.equal(await changePassphrase(installation, change, testCaller), 2)
  for (const token of tokens) await refusal(installation, token, 'session_unknown')
  const { store, sealer } = installation
  const changed = await store.read((view) => loadAccount(view, sealer, account.id))
  await assert.rejects(openSession(installation, changed, passphrase, testCaller), (error) =>
    isFault(error, 'passphrase_wrong'),
  )
  const session = await useSession(installation, await openSession(installation, changed, next, testCaller))
  assert.deepEqual(Buffer.from(session.vaultKey), vaultKey)
  assert.equal((await eventsOf(installation, 'account.passphrase-changed')).length, 1)
})

test('a passphrase is not changed without the present one, nor to one that breaks the rules', async (context) => {
  const { installation, account, open } = await withAccount(context)
  const token = await open()
  const change = (current: string, next: string) =>
    changePassphrase(installation, { accountId: account.id, current, next }, testCaller)
  await assert.rejects(change('wrong passphrase', 'a new passphrase'), (error) =>
    isFault(error, 'passphrase_wrong'),
  )
  await assert.rejects(change(passphrase, 'short'), (error) => isFault(error, 'parameter_invalid'))
  await useSession(installation, token)
})

test('P21 a session that was being opened while the passphrase changed does not come to life', async (context) => {
  const { installation, account } = await withAccount(context)
  const { passphraseKeys } = installation
  let raced = false
  const racing: Installation = {
    ...installation,
    passphraseKeys: {
      newParameters: () => passphraseKeys.newParameters(),
      derive: async (text, parameters) => {
        const key = await passphraseKeys.derive(text, parameters)
        if (!raced) {
          raced = true
          const change = { accountId: account.id, current: passphrase, next: 'a new passphrase' }
          await changePassphrase(installation, change, testCaller)
        }
        return key
      },
    },
  }
  await assert.rejects(openSession(racing, account, passphrase, testCaller), (error) =>
    isFault(error, 'passphrase_wrong'),
  )
  assert.equal((await eventsOf(installation, 'session.opened')).length, 0)
})

test('of two changes of one passphrase at once exactly one succeeds, and its passphrase opens the vault', async (context) => {
  const { installation, account } = await withAccount(context)
  const next = ['first new passphrase', 'second new passphrase']
  const results = await Promise.allSettled(
    next.map((text) =>
      changePassphrase(installation, { accountId: account.id, current: passphrase, next: text }, testCaller),
    ),
  )
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const winner = next[results.findIndex(({ status }) => status === 'fulfilled')] ?? ''
  const { store, sealer } = installation
  const changed = await store.read((view) => loadAccount(view, sealer, account.id))
  await openSession(installation, changed, winner, testCaller)
})
